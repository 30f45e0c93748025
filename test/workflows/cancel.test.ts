import { existsSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serving } from '../acceptance/harness-hosts.ts';
import { processesIn } from '../acceptance/harness-processes.ts';
import {
  changesIn,
  conclusions,
  eventually,
  evidenceOf,
  outcomes,
  ownCalls,
  verdictOf,
} from './harness-run.ts';
import type { Attempt } from './harness-run.ts';
import { environment, gatewright, startStage } from './harness-stage.ts';
import type { Edit, Stage } from './harness-stage.ts';

/** One story, told in order: a delivery is cancelled in its first wave, in the worst moment, and a later one succeeds. */
let stage: Stage;
let cancelled: Attempt;
let keptOut: Attempt;
/** The host of the first wave. */
let host: Stage['hosts'][number];

/** The start hook of 1.1.0, which runs after the switch, waits until the test lets it go. */
const slowStart = `#!/bin/sh
: >"$GATEWRIGHT_SHARED_DIR/waiting"
until [ -e "$GATEWRIGHT_SHARED_DIR/go" ]; do sleep 0.05; done
exec ./bin/start-now
`;
const withSlowStart: Edit = async (tree) => {
  const overlay = join(tree, 'releases/1.1.0/bin');
  await mkdir(overlay);
  await writeFile(join(overlay, 'start'), slowStart);
  await chmod(join(overlay, 'start'), 0o755);
  await rename(join(tree, 'bin/start'), join(tree, 'bin/start-now'));
  const now = join(tree, 'bin/start');
  await writeFile(now, '#!/bin/sh\nexec ./bin/start-now\n');
  await chmod(now, 0o755);
};
const shared = (of: Stage['hosts'][number], file: string): string => join(of.app, 'shared', file);
const steps = (event: { readonly kind: string }): string =>
  'step' in event && event.kind === 'step-finished' ? String(event.step) : '';
const locks = (): string[] =>
  Object.entries(stage.world.aws.parameters())
    .filter(([name]) => name.startsWith(`/gatewright/orders/${environment}/lock/`))
    .map(([, value]) => JSON.parse(value).state);

beforeAll(async () => {
  stage = await startStage(withSlowStart, gatewright({ 'hooks.start.timeout-seconds': 60 }));
  await stage.run({ workflow: 'deploy', inputs: { environment, release: '1.0.0' } });

  stage.releaseOnMain('1.1.0');
  const button = new AbortController();
  const running = stage.run({
    workflow: 'deploy',
    inputs: { environment, release: '1.1.0' },
    signal: button.signal,
    observe: (event) => {
      // The host goes on with what it is at; the runner has been told to stop.
      if (steps(event) === 'Deploy in waves') writeFileSync(shared(host, 'go'), '');
    },
  });
  try {
    host = await eventually('a host that waits in its start hook', () =>
      stage.hosts.find((one) => existsSync(shared(one, 'waiting'))),
    );
    keptOut = await stage.run({
      workflow: 'deploy',
      inputs: { environment, release: '1.1.0' },
      alone: true,
    });
  } finally {
    button.abort();
  }
  cancelled = await running;
}, 120_000);
afterAll(() => stage.stop());

describe('a delivery beside one that is under way', () => {
  it('is kept out by the lock when GitHub does not hold it back, and says who has it since when', async () => {
    expect(keptOut.run.conclusion).toBe('failure');
    expect(verdictOf(keptOut)).toMatch(/ lock-held$/u);
    const { explanation } = await evidenceOf(keptOut);
    expect(explanation).toContain(`run ${cancelled.run.runId}`);
    expect(explanation).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d/u);
    expect(changesIn(keptOut)).toEqual([]);
  });
});

describe('a delivery that is cancelled in its first wave', () => {
  it('ends as cancelled, and says so in its evidence', async () => {
    expect(conclusions(cancelled)).toEqual({
      package: 'success',
      brief: 'success',
      deploy: 'cancelled',
      evidence: 'failure',
    });
    expect(outcomes(cancelled, 'deploy')).toMatchObject({
      'Deploy in waves': 'cancelled',
      'Smoke test': 'skipped',
      'Roll back': 'skipped',
      'Keep the results': 'success',
      'Post Deploy in waves': 'success',
    });
    // The run as a whole is red, because the evidence job is; it must never look green.
    expect(cancelled.run.conclusion).not.toBe('success');
    expect(verdictOf(cancelled)).toBe('error cancelled');
    expect(await evidenceOf(cancelled)).toMatchObject({
      reasonCode: 'cancelled',
      rolledBack: false,
    });
  });

  it('sends no later wave', () => {
    expect(changesIn(cancelled)).toEqual([`apply 1.1.0 ${host.id}`]);
    expect(ownCalls(cancelled).map(({ operation }) => operation)).not.toContain('CancelCommand');
  });

  it('leaves no host half switched, and nothing running', async () => {
    const fleet = Object.fromEntries(
      stage.hosts.map((one) => [one.name, serving(one === host ? '1.1.0' : '1.0.0')]),
    );
    expect(await stage.look()).toEqual(fleet);
    expect(await processesIn(stage.workRoot)).toEqual([]);
  });

  it('gives the lock back, so that the next one delivers', async () => {
    expect(new Set(locks())).toEqual(new Set(['released']));
    for (const one of stage.hosts) await writeFile(shared(one, 'go'), '');
    const next = await stage.run({ workflow: 'deploy', inputs: { environment, release: '1.1.0' } });
    expect(next.run.conclusion).toBe('success');
    expect(verdictOf(next)).toBe('pass delivered');
    expect(await stage.look()).toEqual(
      Object.fromEntries(stage.hosts.map(({ name }) => [name, serving('1.1.0')])),
    );
  });
});
