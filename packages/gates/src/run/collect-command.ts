import { join } from 'node:path';
import type { Collected, ReportInput, ToolRun } from './collected.ts';
import { reportInputs } from './collect-reports.ts';
import { findReports } from './find-reports.ts';
import type { FoundReports } from './find-reports.ts';
import type { EvidenceRequest, GatePorts, GateRequest } from './request.ts';
import { untouchedReports } from './stale-reports.ts';
import { endProblem } from './tool-problems.ts';
import { captureTool } from './tool.ts';
import type { ToolSpec } from './tool.ts';

type CommandRequest = Extract<EvidenceRequest, { kind: 'command' }>;

/** Runs the command, and takes the reports that it has written, or what it printed. */
export async function collectCommand(
  { command, reports, coverageReports }: CommandRequest,
  request: GateRequest,
  ports: GatePorts,
): Promise<Collected> {
  const { roots, timeoutSeconds, format } = request;
  const find = async (): Promise<readonly [FoundReports, FoundReports]> => [
    await findReports(reports ?? [], roots),
    await findReports(coverageReports, roots),
  ];
  const name = JSON.stringify(command);
  const printed = join(request.scratch, 'standard-output');
  const before = (await find()).flatMap(({ found }) => found);
  ports.say(`Running ${name}`);
  const spec: ToolSpec = { argv: command, cwd: roots.base, timeoutSeconds };
  const end =
    reports === undefined
      ? await captureTool(ports.runTool, spec, printed)
      : await ports.runTool(spec);
  const run: ToolRun = { name, end };
  const problem = endProblem(run, timeoutSeconds);
  // What an interrupted command has left would only hide why there is no evidence.
  if (problem !== undefined) return { inputs: [], runs: [run], problems: [problem], notes: [] };
  const [main, coverage] = await find();
  const output: ReportInput[] =
    reports === undefined
      ? [
          {
            path: `standard output of ${name}`,
            file: printed,
            coverage: false,
            ...(format === undefined ? {} : { declared: format }),
          },
        ]
      : [];
  const inputs = [...output, ...reportInputs(main.found, coverage.found, format)];
  return {
    inputs: inputs.map((input) => ({ ...input, run: 0 })),
    runs: [run],
    problems: [
      ...main.problems,
      ...coverage.problems,
      ...untouchedReports(before, [...main.found, ...coverage.found]),
    ],
    notes: [`${name} ended with exit code ${end.exitCode}.`],
  };
}
