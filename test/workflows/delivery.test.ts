import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GitHubPending } from '@gatewright/emulators';
import { serving } from '../acceptance/harness-hosts.ts';
import {
  approve,
  changesIn,
  conclusions,
  errorsOf,
  evidenceOf,
  outcomes,
  verdictOf,
} from './harness-run.ts';
import type { Attempt } from './harness-run.ts';
import { environment, policy, startStage } from './harness-stage.ts';
import type { Stage } from './harness-stage.ts';

/** One environment's history, told in order: two deliveries at once, a bad one, and rollbacks by hand. */
let stage: Stage;
let first: Attempt;
let second: Attempt;
/** What happened in both runs, in one order. */
const happened: string[] = [];

const all = (version: string) => ({
  'staging-1': serving(version),
  'staging-2': serving(version),
  'staging-3': serving(version),
});
/** The same command to one host at a time. */
const eachByItself = (command: string): string[] => stage.hosts.map(({ id }) => `${command} ${id}`);
const good = { package: 'success', brief: 'success', deploy: 'success', evidence: 'success' };

beforeAll(async () => {
  stage = await startStage();
  // Its policy wants all hosts at once; the one of the default branch does not.
  await stage.branch('release/eager', '1.1.0', policy({ strategy: { kind: 'all-at-once' } }));
  let waiting: GitHubPending | undefined;
  let later: Promise<Attempt> | undefined;
  // The second run starts while the first one is being approved, and that lasts until the second has to wait.
  first = await stage.run({
    workflow: 'deploy',
    inputs: { environment, release: '1.0.0' },
    decide: (pending) => {
      waiting = pending;
      later = stage.run({
        workflow: 'example-deploy',
        inputs: { environment, release: '1.1.0' },
        ref: 'refs/heads/release/eager',
        observe: (event) => {
          if (!('job' in event) || event.job !== 'deploy / deploy') return;
          if (event.kind !== 'job-waiting' && event.kind !== 'job-started') return;
          happened.push(`second: ${event.kind === 'job-waiting' ? event.for : 'started'}`);
          if (event.kind !== 'job-waiting' || event.for !== 'concurrency') return;
          if (waiting !== undefined) approve(stage.world, waiting);
        },
      });
    },
    observe: (event) => {
      if (!('job' in event) || event.job !== 'deploy / deploy') return;
      if (event.kind === 'job-started') happened.push('first: started');
      if (event.kind === 'job-finished') happened.push(`first: ${event.conclusion}`);
    },
  });
  if (later === undefined) throw new Error('the first run asked nobody');
  second = await later;
}, 120_000);
afterAll(() => stage.stop());

describe('two deliveries to one environment at once', () => {
  it('come one after the other', () => {
    expect(happened).toEqual([
      'second: concurrency',
      'first: started',
      'first: success',
      'second: environment',
      'second: started',
    ]);
  });

  it('both deliver, each with an approval of its own', async () => {
    for (const attempt of [first, second]) {
      expect(attempt.run.conclusion).toBe('success');
      expect(conclusions(attempt)).toEqual(good);
      expect(verdictOf(attempt)).toBe('pass delivered');
      expect(attempt.asked).toHaveLength(1);
    }
    expect(await stage.look()).toEqual(all('1.1.0'));
    expect(await evidenceOf(second)).toMatchObject({ verdict: 'pass', unknowns: [] });
  });

  it('roll out in the waves of the default branch’s policy', () => {
    expect(changesIn(first).toSorted()).toEqual(eachByItself('apply 1.0.0'));
    expect(changesIn(second).toSorted()).toEqual(eachByItself('apply 1.1.0'));
  });

  it('show no token and no credential in anything that they leave', async () => {
    // Four jobs each with a token, one with an OIDC request token, an OIDC token and three parts of a credential.
    expect(stage.secrets.size).toBe(2 * (4 + 1 + 1 + 3));
    const left = await Promise.all([first, second].map(everythingOf));
    expect(left.map(({ length }) => length > 10_000)).toEqual([true, true]);
    const shown = [...stage.secrets].filter((secret) => left.some((text) => text.includes(secret)));
    expect(shown).toEqual([]);
    // Nor anything that looks like one, nor a place where a mask had to help.
    for (const text of left) {
      expect(text).not.toMatch(/\bgh[a-z]_\w{10}|\beyJ[\w-]{8,}\.eyJ|\b(?:ASIA|AKIA)[A-Z0-9]{8}/u);
      expect(text).not.toContain('***');
    }
  });
});

describe('a release that starts and answers wrongly', () => {
  let bad: Attempt;
  let journals: readonly string[];
  beforeAll(async () => {
    journals = await Promise.all(stage.hosts.map(journalOf));
    stage.releaseOnMain('1.2.0');
    bad = await stage.run({ workflow: 'deploy', inputs: { environment, release: '1.2.0' } });
  }, 60_000);

  it('is taken back within the deploy job, which stays red', async () => {
    expect(bad.run.conclusion).toBe('failure');
    expect(conclusions(bad)).toEqual({ ...good, deploy: 'failure', evidence: 'failure' });
    expect(outcomes(bad, 'deploy')).toMatchObject({
      'Assume the deploy role': 'success',
      'Deploy in waves': 'failure',
      'Smoke test': 'skipped',
      'Roll back': 'success',
      'Keep the results': 'success',
    });
    expect(verdictOf(bad)).toBe('fail smoke-failed');
    const evidence = await evidenceOf(bad);
    expect(evidence).toMatchObject({ verdict: 'fail', rolledBack: true, unknowns: [] });
    expect(evidence.explanation).toContain('orders');
  });

  it('leaves the fleet on the release before, and never touches the later waves', async () => {
    const changes = changesIn(bad);
    const [touched = ''] = stage.hosts
      .map((host) => host.id)
      .filter((host) => changes[0]?.includes(host));
    expect(changes).toEqual([`apply 1.2.0 ${touched}`, `revert 1.1.0 ${touched}`]);
    expect(await stage.look()).toEqual(all('1.1.0'));
    const now = await Promise.all(stage.hosts.map(journalOf));
    const changed = stage.hosts.map((host) => host.id).filter((_, at) => now[at] !== journals[at]);
    expect(changed).toEqual([touched]);
  });
});

describe('a rollback by hand', () => {
  it('to a release that nobody knows is refused, and touches no host', async () => {
    const journals = await Promise.all(stage.hosts.map(journalOf));
    const attempt = await stage.run({ workflow: 'rollback', inputs: { environment, to: '9.9.9' } });
    expect(attempt.run.conclusion).toBe('failure');
    expect(conclusions(attempt)).toEqual({
      protect: 'success',
      rollback: 'failure',
      evidence: 'failure',
    });
    expect(verdictOf(attempt)).toBe('fail release-unknown');
    expect(errorsOf(attempt)).toContain('9.9.9');
    expect(changesIn(attempt)).toEqual([]);
    expect(await Promise.all(stage.hosts.map(journalOf))).toEqual(journals);
    expect(await stage.look()).toEqual(all('1.1.0'));
  });

  it('to the previous release passes over the one that was denied', async () => {
    const attempt = await stage.run({
      workflow: 'example-rollback',
      inputs: { environment, to: 'previous' },
    });
    expect(attempt.run.conclusion).toBe('success');
    expect(verdictOf(attempt)).toBe('pass rolled-back');
    expect(attempt.asked).toHaveLength(1);
    expect(changesIn(attempt).toSorted()).toEqual(eachByItself('revert 1.0.0'));
    expect(await stage.look()).toEqual(all('1.0.0'));
  });
});

function journalOf({ app }: Stage['hosts'][number]): Promise<string> {
  return readFile(join(app, 'journal'), 'utf8');
}

/** Log, summaries, annotations, outputs and every file of every artifact as one text; archives are unpacked. */
async function everythingOf({ run, events }: Attempt): Promise<string> {
  const files = run.artifacts.flatMap(({ directory, files: names }) =>
    names.map((name) => join(directory, name)),
  );
  expect(files.length).toBeGreaterThan(4);
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const texts = contents.map((bytes, at) =>
    (files[at]?.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'),
  );
  return [JSON.stringify(events), JSON.stringify(run), ...texts].join('\n');
}
