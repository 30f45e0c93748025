import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readResultFiles } from '@gatewright/runtime';
import { fakeContext } from '@gatewright/testing';
import { gateName, gateRecord } from '@gatewright/verdict';
import type { GateName } from '@gatewright/verdict';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';
import { writeRecord } from './write-record.ts';

const context = fakeContext();
const tree = 'e'.repeat(40);
const zero = { waived: 0 };
const counts = {
  lint: { error: 0, warning: 0, note: 0, notAnalysed: 0, suppressed: 0, ...zero },
  test: { tests: 3, passed: 3, failed: 0, errored: 0, skipped: 0, flaky: 0, ...zero },
  audit: { critical: 0, high: 0, moderate: 0, low: 0, unknown: 0, ...zero },
};

const result = (gate: GateName, more: object = {}) => ({
  gate,
  verdict: 'pass',
  reasonCode: 'gate-passed',
  explanation: `${gate} is fine`,
  commit: context.run.sha,
  evidence: [{ path: 'report', format: 'junit', bytes: 1, sha256: 'a'.repeat(64), items: 1 }],
  counts: counts[gate],
  findings: [],
  findingsOmitted: 0,
  waived: [],
  policy: { source: 'defaults', digest: 'b'.repeat(64) },
  ...more,
});
const success = { result: 'success', outputs: { verdict: 'pass' } };
const goodNeeds = (): Record<string, object> => ({ lint: success, test: success, audit: success });
const goodFiles = (): Record<string, unknown> =>
  Object.fromEntries(gateName.options.map((gate) => [`${gate}-gate.json`, result(gate)]));

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-gates-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function record(needs: unknown, files: Record<string, unknown>) {
  const results = join(directory, 'results');
  await rm(results, { recursive: true, force: true });
  await mkdir(results);
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(results, name), text);
  }
  return run(
    {
      needsJson: typeof needs === 'string' ? needs : JSON.stringify(needs),
      resultsDirectory: results,
      outputDirectory: join(directory, 'out'),
      githubToken: 'token',
    },
    {
      run: context.run,
      now: () => Date.UTC(2026, 0, 2),
      findResults: readResultFiles,
      writeRecord,
      github: { treeOf: () => Promise.resolve(tree) },
    },
  );
}

describe('three gates that passed', () => {
  it('make a record of commit and tree, whose digest is that of the file', async () => {
    const outcome = await record(goodNeeds(), goodFiles());
    expect(outcome).toMatchObject({ verdict: 'pass', reasonCode: 'gates-passed' });
    const bytes = await readFile(String(outcome.outputs.recordPath));
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(outcome.outputs.recordDigest).toBe(digest);
    const written = gateRecord.parse(JSON.parse(bytes.toString()));
    expect(written).toMatchObject({
      commit: context.run.sha,
      tree,
      verdict: 'pass',
      at: '2026-01-02T00:00:00.000Z',
    });
    expect(Object.keys(written.gates).toSorted()).toEqual(['audit', 'lint', 'test']);
    const file = await readFile(join(directory, 'results/test-gate.json'));
    expect(written.gates.test?.sha256).toBe(createHash('sha256').update(file).digest('hex'));
  });
});

describe('a gate that did not pass', () => {
  it('fails the record, also beside one that could not tell', async () => {
    const failed = { result: 'failure', outputs: { verdict: 'fail' } };
    const files = {
      ...goodFiles(),
      'test-gate.json': result('test', { verdict: 'fail', explanation: '1 of 3 tests failed.' }),
      'audit-gate.json': 'cut off',
    };
    const outcome = await record({ ...goodNeeds(), test: failed }, files);
    expect(outcome).toMatchObject({ verdict: 'fail', reasonCode: 'gates-failed' });
    expect(outcome.explanation).toBe('test: 1 of 3 tests failed.');
    expect(outcome.checked?.join('\n')).toContain('audit-gate.json: not JSON');
  });

  it.each([
    ['another commit', { commit: 'f'.repeat(40) }],
    ['no commit', { commit: undefined }],
    ['skipped', { verdict: 'skipped' }],
    ['could not tell', { verdict: 'error' }],
    ['no evidence', { evidence: undefined }],
  ])('is not taken for passed: %s', async (_, more) => {
    const outcome = await record(goodNeeds(), {
      ...goodFiles(),
      'test-gate.json': result('test', more),
    });
    expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'gates-incomplete' });
  });

  it('is not taken for passed when two results of it exist', async () => {
    const outcome = await record(goodNeeds(), { ...goodFiles(), 'again.json': result('lint') });
    expect(outcome).toMatchObject({ verdict: 'error', reasonCode: 'gates-incomplete' });
    expect(outcome.explanation).toContain('left 2 results');
  });
});

it('passes only when every part says so', async () => {
  const end = fc.constantFrom('success', 'success', 'success', 'failure', 'cancelled', 'skipped');
  const said = fc.constantFrom('pass', 'pass', 'pass', 'fail', 'error', '');
  const file = fc.constantFrom('good', 'good', 'good', 'missing', 'corrupt', 'fail');
  const part = fc.record({ end, said, file });
  await fc.assert(
    fc.asyncProperty(fc.tuple(part, part, part), async (parts) => {
      const needs: Record<string, object> = {};
      const files: Record<string, unknown> = {};
      for (const [index, gate] of gateName.options.entries()) {
        const { end: ended, said: verdict, file: state } = parts[index] ?? parts[0];
        needs[gate] = { result: ended, outputs: { verdict } };
        if (state === 'corrupt') files[`${gate}.json`] = '{';
        if (state === 'good') files[`${gate}.json`] = result(gate);
        if (state === 'fail') files[`${gate}.json`] = result(gate, { verdict: 'fail' });
      }
      const green = parts.every(
        (one) => one.end === 'success' && one.said === 'pass' && one.file === 'good',
      );
      const outcome = await record(needs, files);
      expect(outcome.verdict === 'pass').toBe(green);
    }),
    { numRuns: 150 },
  );
});
