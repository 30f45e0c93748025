import { lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '@gatewright/verdict';
import type { GatewrightError } from '@gatewright/verdict';
import { cleanText } from '../report/clean-text.ts';
import { notWritten } from './collect-reports.ts';
import type { Collected, ReportInput, ToolRun } from './collected.ts';
import { describePlan } from './detect/describe-plan.ts';
import { scratch } from './detect/project.ts';
import type { Project, StepReport, ToolPlan, ToolStep } from './detect/project.ts';
import { readProject } from './detect/read-project.ts';
import type { GatePorts, GateRequest } from './request.ts';
import { endProblem } from './tool-problems.ts';
import { captureTool } from './tool.ts';
import type { ToolSpec } from './tool.ts';

/** Finds out which tools the project is set up for, tells the plan, and runs it. */
export async function collectDetected(
  planOf: (project: Project) => ToolPlan,
  request: GateRequest,
  ports: GatePorts,
): Promise<Collected> {
  const plan = planOf(await readProject(request.roots, ports.env));
  // Where somebody has checked the project out is not for the result.
  const told = describePlan(plan).map((line) =>
    cleanText(line.replaceAll(`${request.roots.base}/`, ''), 1000),
  );
  ports.say(`Plan of the ${request.gate} gate:`);
  for (const line of told) ports.say(`- ${line}`);
  const problems = planProblems(plan);
  if (problems.length > 0) return { inputs: [], runs: [], problems, notes: told };
  const inputs: ReportInput[] = [];
  const runs: ToolRun[] = [];
  for (const step of plan.steps) {
    const run = await runStep(step, request, ports);
    runs.push(run);
    const problem = endProblem(run, request.timeoutSeconds);
    if (problem !== undefined) problems.push(problem);
    else {
      const left = await reportsOf(step, request, runs.length - 1);
      inputs.push(...left.inputs);
      problems.push(...left.problems);
    }
  }
  return { inputs, runs, problems, notes: told };
}

/** What a tool of the project would have found is missing when it cannot run: that is no pass. */
function planProblems(plan: ToolPlan): GatewrightError[] {
  const remedy =
    'Install what the project declares in a step before this one, or give reports or command.';
  if (plan.gaps.length > 0) {
    return plan.gaps.map(
      (gap) => new ConfigurationError('tool-undetected', `${cleanText(gap)}.`, { remedy }),
    );
  }
  if (plan.steps.length > 0) return [];
  const known = plan.undetected.join(', ');
  return [
    new ConfigurationError(
      'tool-undetected',
      `The project is set up for none of the tools that the ${plan.gate} gate knows: ${known}.`,
      { remedy: 'Give the reports, or a command that makes them.' },
    ),
  ];
}

async function runStep(
  step: ToolStep,
  { roots, timeoutSeconds, scratch: directory }: GateRequest,
  ports: GatePorts,
): Promise<ToolRun> {
  const place = (text: string): string => text.replaceAll(scratch, directory);
  const [program, ...args] = step.argv;
  const variables = Object.entries(step.env ?? {}).map(([name, text]) => [name, place(text)]);
  const spec: ToolSpec = {
    argv: [program, ...args.map(place)],
    cwd: roots.base,
    timeoutSeconds,
    env: Object.fromEntries(variables),
  };
  ports.say(`Running ${step.tool}`);
  const printed = step.reports.find(({ from }) => from === 'stdout');
  const end =
    printed === undefined
      ? await ports.runTool(spec)
      : await captureTool(ports.runTool, spec, await fileOf(printed, directory));
  return { name: step.tool, end, completeWith: step.completeWith };
}

async function fileOf({ name }: StepReport, directory: string): Promise<string> {
  const file = join(directory, name);
  await mkdir(dirname(file), { recursive: true });
  return file;
}

async function reportsOf(
  { tool, reports }: ToolStep,
  { scratch: directory }: GateRequest,
  run: number,
): Promise<{ inputs: ReportInput[]; problems: GatewrightError[] }> {
  const inputs: ReportInput[] = [];
  const problems: GatewrightError[] = [];
  for (const { from, name, format, coverage, silentFormat } of reports) {
    const file = join(directory, name);
    const path = from === 'stdout' ? `standard output of ${tool}` : `${tool}: ${name}`;
    const facts = await lstat(file).catch(() => undefined);
    if (facts?.isFile() !== true) problems.push(notWritten(path, tool));
    else {
      const declared = format === undefined ? {} : { declared: format };
      const silent = silentFormat === undefined ? {} : { silentFormat };
      inputs.push({ path, file, coverage, run, ...declared, ...silent });
    }
  }
  return { inputs, problems };
}
