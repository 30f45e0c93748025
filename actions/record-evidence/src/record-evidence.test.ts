import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeSpan, resultSchemaName } from '@gatewright/contract';
import { readResultFiles } from '@gatewright/runtime';
import { fakeContext } from '@gatewright/testing';
import { reasonCodes } from '@gatewright/verdict';
import * as fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeEvidence } from './files.ts';
import { parseResults } from './results.ts';
import { run } from './run.ts';

const digest = 'd'.repeat(64);
const release = { version: '1.1.0', digest };
const before = { version: '1.0.0', digest: 'c'.repeat(64) };
const host = (id: string, serves: object | null) => ({
  id,
  name: `web-${id}`,
  outcome: 'applied',
  release: serves,
});

type Job = { result: string; outputs: Record<string, string> };
type Document = Record<string, unknown>;

const goodNeeds = (): Record<string, Job> => ({
  package: { result: 'success', outputs: { digest } },
  brief: { result: 'success', outputs: { digest } },
  deploy: { result: 'success', outputs: { 'credentials-outcome': 'success', touched: 'true' } },
});

const document = (action: string, reasonCode: string, more: Document = {}): Document => ({
  schema: resultSchemaName,
  action,
  verdict: 'pass',
  reasonCode,
  explanation: `${action} is done`,
  checked: [],
  ...more,
});

const goodResults = (): Record<string, Document> => ({
  'protect-environment.json': document('protect-environment', 'environment-protected', {
    environment: 'production',
  }),
  'deploy-ssm.json': document('deploy-ssm', 'delivered', {
    environment: 'production',
    release,
    hosts: [host('i-1', release), host('i-2', release)],
    startedAt: '2025-11-21T08:00:00.000Z',
  }),
  'require-gates.json': document('require-gates', 'gates-passed', { environment: 'production' }),
  'smoke-test.json': document('smoke-test', 'verified'),
});

const taken = (more: Document = {}): Document =>
  document('rollback-ssm', 'rolled-back', {
    to: before,
    hosts: [{ ...host('i-1', before), outcome: 'restored' }],
    ...more,
  });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-evidence-'));
  await mkdir(join(directory, 'results'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Case {
  readonly kind?: 'deploy' | 'rollback';
  readonly release?: string;
  readonly needs?: unknown;
  readonly results?: Record<string, unknown> | undefined;
}

async function record(given: Case) {
  const results = join(directory, 'results');
  await rm(results, { recursive: true, force: true });
  const files = 'results' in given ? given.results : goodResults();
  if (files !== undefined) {
    await mkdir(results);
    for (const [name, content] of Object.entries(files)) {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      await writeFile(join(results, name), text);
    }
  }
  const needs = 'needs' in given ? given.needs : goodNeeds();
  const context = fakeContext();
  const outcome = await run(
    {
      kind: given.kind ?? 'deploy',
      environment: 'production',
      release: given.release ?? '1.1.0',
      needsJson: typeof needs === 'string' ? needs : JSON.stringify(needs),
      resultsDirectory: results,
      outputDirectory: join(directory, 'out'),
    },
    { run: context.run, now: () => context.now(), findResults: readResultFiles, writeEvidence },
  );
  const evidence = JSON.parse(await readFile(String(outcome.outputs.evidencePath), 'utf8'));
  return { outcome, evidence };
}

describe('a delivery that is proven', () => {
  it('passes as delivered and keeps the whole account', async () => {
    const { outcome, evidence } = await record({});
    expect(outcome).toMatchObject({ verdict: 'pass', reasonCode: 'delivered' });
    expect(evidence).toMatchObject({
      schema: 'gatewright.evidence/1',
      environment: 'production',
      release: '1.1.0',
      digest,
      actor: 'octo-developer',
      run: { id: '4711', attempt: 1 },
      verdict: 'pass',
      rolledBack: false,
      jobs: { package: 'success', brief: 'success', deploy: 'success' },
      hosts: [{ id: 'i-1', release }, { id: 'i-2' }],
      startedAt: '2025-11-21T08:00:00.000Z',
    });
    expect(evidence.steps).toHaveLength(4);
    for (const { sha256 } of evidence.steps) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const copy = await readFile(join(directory, 'out/results/deploy-ssm.json'), 'utf8');
    expect(JSON.parse(copy)).toEqual(goodResults()['deploy-ssm.json']);
  });

  it('passes without gates only where the policy says so in so many words', async () => {
    const said = document('require-gates', 'gates-not-required', { verdict: 'skipped' });
    const { outcome } = await record({ results: { ...goodResults(), 'require-gates.json': said } });
    expect(outcome).toMatchObject({ verdict: 'pass', reasonCode: 'delivered' });
  });

  it('passes as rolled-back after a rollback by hand', async () => {
    const needs = {
      protect: { result: 'success', outputs: {} },
      rollback: { result: 'success', outputs: { 'credentials-outcome': 'success' } },
    };
    const results = {
      'protect-environment.json': goodResults()['protect-environment.json'],
      'rollback-ssm.json': taken(),
    };
    for (const wanted of ['previous', '1.0.0']) {
      const given = { kind: 'rollback', release: wanted, needs, results } as const;
      const { outcome, evidence } = await record(given);
      expect(outcome).toMatchObject({ verdict: 'pass', reasonCode: 'rolled-back' });
      expect(evidence).toMatchObject({ digest: before.digest, hosts: [{ release: before }] });
    }
    const other = { kind: 'rollback', release: '0.9.0', needs, results } as const;
    expect((await record(other)).outcome.verdict).toBe('error');
  });
});

describe('a delivery that went wrong', () => {
  it('fails with the reason of the cause when the hosts were taken back', async () => {
    const results = {
      ...goodResults(),
      'deploy-ssm.json': document('deploy-ssm', 'smoke-failed', {
        verdict: 'fail',
        explanation: 'orders answers 500',
        release,
        hosts: [host('i-1', release), host('i-2', before)],
      }),
      'rollback-ssm.json': taken(),
    };
    const needs = goodNeeds();
    needs['deploy'] = { result: 'failure', outputs: { touched: 'true' } };
    const { outcome, evidence } = await record({ needs, results });
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      outputs: { rolledBack: true },
    });
    expect(outcome.explanation).toContain('orders answers 500');
    expect(outcome.explanation).toContain('taken back');
    expect(evidence.hosts).toEqual([
      { id: 'i-1', name: 'web-i-1', outcome: 'restored', release: before },
      { id: 'i-2', name: 'web-i-2', outcome: 'applied', release: before },
    ]);
    expect(evidence.unknowns).toEqual([]);
  });

  it('reports a rollback that failed before what caused it', async () => {
    const results = {
      ...goodResults(),
      'smoke-test.json': document('smoke-test', 'smoke-failed', { verdict: 'fail' }),
      'rollback-ssm.json': taken({ verdict: 'error', reasonCode: 'rollback-failed' }),
    };
    const needs = goodNeeds();
    needs['deploy'] = { result: 'failure', outputs: { touched: 'true' } };
    const { outcome } = await record({ needs, results });
    expect(outcome).toMatchObject({
      reasonCode: 'rollback-failed',
      outputs: { rolledBack: false },
    });
    expect(outcome.explanation).toContain('smoke-test is done');
    expect(outcome.checked).toContain(
      'Hosts were changed and no rollback was proven: look at what they serve.',
    );
  });

  it('says role-refused when the job got no credentials', async () => {
    const needs = goodNeeds();
    needs['deploy'] = { result: 'failure', outputs: { 'credentials-outcome': 'failure' } };
    const { 'protect-environment.json': protect } = goodResults();
    const { outcome } = await record({ needs, results: { 'protect-environment.json': protect } });
    expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'role-refused' });
  });

  it('says evidence-incomplete when a reviewer rejected or nothing is left', async () => {
    const needs = goodNeeds();
    needs['deploy'] = { result: 'failure', outputs: {} };
    const { outcome } = await record({ needs, results: undefined });
    expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'evidence-incomplete' });
    expect(outcome.explanation).toContain('job deploy: failure');
    expect(outcome.checked?.join('\n')).toContain('rejected by a reviewer');
  });

  it('passes on what a job itself told, and what was cancelled', async () => {
    const needs = goodNeeds();
    needs['brief'] = { result: 'failure', outputs: { 'reason-code': 'environment-missing' } };
    needs['deploy'] = { result: 'skipped', outputs: {} };
    const told = await record({ needs, results: undefined });
    expect(told.outcome).toMatchObject({ verdict: 'error', reasonCode: 'environment-missing' });
    needs['brief'] = { result: 'cancelled', outputs: {} };
    const cancelled = await record({ needs, results: undefined });
    expect(cancelled.outcome).toMatchObject({ verdict: 'error', reasonCode: 'cancelled' });
  });

  it('refuses results of another digest, another environment, or without hosts', async () => {
    const needs = goodNeeds();
    needs['package'] = { result: 'success', outputs: { digest: 'e'.repeat(64) } };
    expect((await record({ needs })).outcome.reasonCode).toBe('digest-mismatch');
    const changes: Document[] = [
      { environment: 'staging' },
      { hosts: [] },
      { hosts: [host('i-1', before)] },
      { hosts: 'all' },
      { release: { version: '1.0.9', digest } },
      { release: undefined },
    ];
    for (const change of changes) {
      const results = goodResults();
      results['deploy-ssm.json'] = { ...results['deploy-ssm.json'], ...change };
      const { outcome } = await record({ results });
      expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'evidence-incomplete' });
    }
  });
});

describe('hostile input', () => {
  it('never passes with a needs context that it cannot read', async () => {
    for (const needs of ['', 'null', '[]', '{', '{"deploy":{"result":"fine"}}', '{"deploy":1}']) {
      const { outcome, evidence } = await record({ needs });
      expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'evidence-incomplete' });
      expect(evidence.jobs).toEqual({});
    }
  });

  it('reads no links, no pipes, and nothing of another shape', async () => {
    const results = join(directory, 'results');
    await writeFile(join(directory, 'secret'), '{}');
    await symlink(join(directory, 'secret'), join(results, 'link.json'));
    await mkdir(join(results, 'folder.json'));
    execFileSync('mkfifo', [join(results, 'pipe.json')]);
    await writeFile(join(results, 'notes.txt'), 'not looked at');
    await writeFile(join(results, 'foreign.json'), '{"schema":"gatewright.result/2"}');
    await writeFile(join(results, 'bytes.json'), Buffer.from([0xff, 0xfe]));
    const { steps, bad } = parseResults(await readResultFiles(results));
    expect(steps).toEqual([]);
    expect(bad.map(({ file }) => file)).toEqual([
      'bytes.json',
      'folder.json',
      'foreign.json',
      'link.json',
      'pipe.json',
    ]);
  });

  it('lets no second result stand beside the first', async () => {
    const results = { ...goodResults(), 'other.json': document('smoke-test', 'verified') };
    const { outcome, evidence } = await record({ results });
    expect(outcome.verdict).toBe('error');
    expect(evidence.unusableFiles).toHaveLength(2);
    expect(await readdir(join(directory, 'out/results'))).toHaveLength(5);
  });

  it('shows foreign texts as code in the summary', async () => {
    const results = { ...goodResults(), '`|<b>@ops.json': 'x' };
    const { outcome } = await record({ results });
    expect(outcome.summary).toContain(
      String.raw`| \`\` \`\|<b>@ops.json \`\` |`.replaceAll('\\`', '`'),
    );
    expect(codeSpan('``a|b\n`')).toBe('``` ``a\\|b ` ```');
  });
});

describe('every combination of parts', () => {
  const parts = Object.keys(goodResults());
  const jobs = ['package', 'brief', 'deploy'];
  const verdict = fc.constantFrom('pass', 'fail', 'inconclusive', 'error', 'skipped');
  const reasonCode = fc.constantFrom(...Object.keys(reasonCodes), 'made-up');
  const damage = fc.oneof(
    { weight: 9, arbitrary: fc.constant('good' as const) },
    { weight: 1, arbitrary: fc.constant('missing' as const) },
    { weight: 1, arbitrary: fc.constant('corrupt' as const) },
    { weight: 1, arbitrary: fc.record({ verdict, reasonCode }) },
  );
  const result = fc.constantFrom(
    'success',
    'success',
    'success',
    'failure',
    'cancelled',
    'skipped',
  );

  it('passes only when no part is missing, failed or damaged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(damage, damage, damage, damage),
        fc.tuple(result, result, result),
        fc.option(fc.constantFrom(...jobs), { nil: undefined, freq: 3 }),
        fc.constantFrom('success', 'success', 'failure', ''),
        fc.boolean(),
        async (damages, ends, missingJob, credentials, rolledBack) => {
          const results: Record<string, unknown> = rolledBack
            ? { 'rollback-ssm.json': taken() }
            : {};
          for (const [index, name] of parts.entries()) {
            const change = damages[index];
            const good = goodResults()[name];
            if (change === 'corrupt') results[name] = JSON.stringify(good).slice(0, -1);
            else if (change !== 'missing') {
              results[name] = { ...good, ...(change === 'good' ? {} : change) };
            }
          }
          const needs = goodNeeds();
          for (const [index, name] of jobs.entries()) {
            needs[name] = {
              result: ends[index] ?? 'success',
              outputs: { ...needs[name]?.outputs, 'credentials-outcome': credentials },
            };
          }
          if (missingJob !== undefined) delete needs[missingJob];
          const whole = parts.every((name) => {
            const file = results[name];
            const good = goodResults()[name];
            const notRequired = { ...good, verdict: 'skipped', reasonCode: 'gates-not-required' };
            return (
              JSON.stringify(file) === JSON.stringify(good) ||
              (name === 'require-gates.json' &&
                JSON.stringify(file) === JSON.stringify(notRequired))
            );
          });
          const green =
            whole &&
            missingJob === undefined &&
            ends.every((end) => end === 'success') &&
            credentials !== 'failure' &&
            !rolledBack;
          const { outcome } = await record({ needs, results });
          expect(outcome.verdict === 'pass').toBe(green);
          expect(outcome.verdict).not.toBe('skipped');
        },
      ),
      { numRuns: 300 },
    );
  });
});
