import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { readGateRules } from '@gatewright/config';
import {
  ansiPaint,
  auditGate,
  gateDocument,
  judgeProject,
  lintGate,
  plainSummary,
  refusalDocument,
  repositoryRoot,
  testGate,
  toSarif,
  unpainted,
} from '@gatewright/gates';
import type { GateAccount } from '@gatewright/gates';
import { runCommand } from '@gatewright/process';
import { GatewrightError } from '@gatewright/verdict';
import { colourPaint, paintFor, terminalSafe } from './demo/paint.ts';
import { readGateOptions } from './gate-options.ts';
import type { GateOptions } from './gate-options.ts';

const kinds = { lint: lintGate, test: testGate, audit: auditGate };
const exitCodes = { pass: 0, skipped: 0, fail: 1, error: 2 };

/** Runs a gate over the project around the working directory. Gives the exit code. */
export async function gate(words: readonly string[]): Promise<number> {
  const read = readGateOptions(words);
  if (!read.ok) {
    for (const problem of read.problems) say(problem);
    return 2;
  }
  const { options } = read;
  try {
    const account = await judge(options);
    if (options.sarif !== undefined) await writeSarif(account, resolve(options.sarif));
    const hasColours = paintFor(process.stdout, process.env) === colourPaint;
    const paint = hasColours ? ansiPaint : unpainted;
    if (options.json) print(gateDocument(account));
    else process.stdout.write(`${plainSummary(account, paint)}\n`);
    return exitCodes[account.result.verdict];
  } catch (error) {
    if (!(error instanceof GatewrightError)) throw error;
    if (options.json) print(refusalDocument(options.gate, error));
    else for (const line of story(error)) say(line);
    return 2;
  }
}

async function judge(options: GateOptions): Promise<GateAccount> {
  const cancel = new AbortController();
  const stop = (): void => cancel.abort(new Error('stopped'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const show = (line: string): void => say(`  | ${terminalSafe(stripVTControlCharacters(line))}`);
    const parts = { runCommand, env: process.env, signal: cancel.signal, show };
    const directory = resolve(options['working-directory'] ?? '.');
    const workspace = await repositoryRoot(directory, parts);
    // As the repository knows them: a result must not tell where somebody has checked it out.
    const within = (path: string | undefined): string | undefined =>
      path === undefined ? undefined : relative(workspace, resolve(path));
    const policyPath = within(options.policy);
    const rules = await readGateRules(workspace, {
      policyPath,
      waiversPath: within(options.waivers),
    });
    const since = options.since === undefined ? undefined : Date.parse(options.since);
    const inputs = {
      reports: options.reports,
      coverageReports: options.coverageReports,
      command: options.command,
      workingDirectory: within(directory) || '.',
      timeoutSeconds: options['timeout-seconds'] ?? 900,
      format: options.format,
      baseResultPath: within(options.base),
      diffBase: options['diff-base'],
      severitySnapshot: within(options['severity-snapshot']),
      failOn: options['fail-on'],
      coverageMetric: options['coverage-metric'],
      coverageMinimum: options['coverage-minimum'],
      changedCoverageMinimum: options['changed-coverage-minimum'],
      failOnSeverity: options['fail-on-severity'],
      unknownSeverity: options['unknown-severity'],
    };
    const place = { ...parts, workspace, since, now: () => Date.now(), say };
    return await judgeProject(kinds[options.gate], inputs, rules, place);
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  }
}

/** Beside the result, which is all that stdout holds. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(document: object): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

function story({ message, reasonCode, checked, remedy }: GatewrightError): string[] {
  return [
    `${message} (error, ${reasonCode})`,
    ...checked.map((fact) => `- ${fact}`),
    ...(remedy === undefined ? [] : [`Next: ${remedy}`]),
  ];
}

async function writeSarif(account: GateAccount, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(toSarif(account))}\n`);
}
