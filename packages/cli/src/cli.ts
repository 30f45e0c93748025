import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { GatewrightError } from '@gatewright/verdict';
import { runDemo } from './demo/demo.ts';
import type { DemoOptions } from './demo/demo.ts';
import { paintFor } from './demo/paint.ts';
import { toJsonDocument } from './demo/record.ts';
import { scenarios } from './demo/scenarios.ts';
import { renderTimeline } from './demo/timeline.ts';
import { emulate } from './emulate.ts';
import { gateUsage } from './gate-options.ts';

const usage = `gatewright demo     run the sample application's deliveries on emulated services
  --json            print one JSON document on stdout, progress on stderr
  --yes             let the emulated reviewer approve, also on a terminal
  --scenario NAME   only this one (again for more): ${scenarios.map(({ name }) => name).join(', ')}
  --verbose         also print what every step logs
gatewright emulate  start the emulated AWS and keep it until Ctrl-C
  --port N          default: any free port
${gateUsage}`;

/** Runs one command. Gives the exit code: 0 good, 1 not as it should, 2 used wrongly. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [command = '', ...rest] = argv;
  try {
    if (command === 'demo') return await demo(rest);
    if (command === 'emulate') return await emulate(rest);
    if (command === 'gate') return await (await import('./gate.ts')).gate(rest);
  } catch (error) {
    if (error instanceof GatewrightError) {
      process.stderr.write(`${error.message} (${error.reasonCode})\n`);
      return 1;
    }
    // What parseArgs throws on an option that it does not know.
    if (!(error instanceof TypeError) || !('code' in error)) throw error;
    process.stderr.write(`${error.message}\n`);
  }
  process.stderr.write(usage);
  return 2;
}

async function demo(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true, default: [] },
    },
  });
  const names = scenarios.map(({ name }) => name);
  const unknown = values.scenario.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`--scenario: no ${unknown.join(', ')}; there are ${names.join(', ')}\n`);
    return 2;
  }
  const out = values.json ? process.stderr : process.stdout;
  const paint = paintFor(out, process.env);
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const cancel = new AbortController();
  const stop = (): void => cancel.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const record = await runDemo({
    root: resolve(import.meta.dirname, '../../..'),
    scenarios: values.scenario.length > 0 ? values.scenario : names,
    approve: terminal && !values.yes && !values.json ? askOnTerminal : approveAsReviewer,
    print: (line) => void out.write(`${line}\n`),
    paint,
    verbose: values.verbose,
    signal: cancel.signal,
  });
  process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
  out.write(`\n${renderTimeline(record, paint)}`);
  out.write(`Stand-ins for third-party actions: ${record.standIns.join(', ')}\n`);
  out.write('Report: demo-report/index.html\n');
  if (values.json)
    process.stdout.write(`${JSON.stringify(toJsonDocument(record), undefined, 2)}\n`);
  return record.ok ? 0 : 1;
}

/** The emulated reviewer has read the brief. */
const approveAsReviewer: DemoOptions['approve'] = () => Promise.resolve(true);

const askOnTerminal: DemoOptions['approve'] = async ({ environment, eligible }, brief) => {
  process.stdout.write(`\n${brief}\n`);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(
    `Approve the deployment to ${environment} as ${eligible[0] ?? 'reviewer'}? [y/N] `,
  );
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
};
