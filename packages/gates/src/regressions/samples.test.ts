// Every report of a real tool: how the gates end over it, and what holds for each of them however it is cut or ordered.
import { describe, expect, it } from '@jest/globals';
import { auditCounts, finding, lintCounts, testCounts } from '@gatewright/verdict';
import {
  auditGate,
  coverageGate,
  lintGate,
  sample,
  samplesOf,
  testGate,
} from './test-support/gates.ts';
import type { Gate } from './test-support/gates.ts';
import { sampleVerdicts } from './test-support/sample-verdicts.ts';

const gates: readonly (readonly [name: string, Gate, Readonly<Record<string, string>>])[] = [
  ['lint', lintGate, sampleVerdicts.lint],
  ['test', testGate, sampleVerdicts.test],
  ['coverage', coverageGate, sampleVerdicts.coverage],
  ['audit', auditGate, sampleVerdicts.audit],
];

const told = async (gate: Gate, path: string): Promise<string> => {
  const { verdict, reasonCode, evidence } = await gate({ [path]: sample(path) });
  const read = evidence.filter((one) => one.path === path);
  return [verdict, reasonCode, ...read.map(({ format, items }) => `${format}:${items}`)].join(' ');
};

const structured = /\.(?:json|xml|sarif)$/;

describe.each(gates)('the %s gate', (_, gate, reports) => {
  it.each(Object.entries(reports))('%s: %s', async (path, ending) => {
    expect(await told(gate, path)).toBe(ending);
  });

  const readable = Object.entries(reports).filter(([, ending]) => ending.includes(':'));

  it('any proper start of a document is an error', async () => {
    for (const [path] of readable.filter(([name]) => structured.test(name))) {
      const whole = sample(path).trimEnd();
      for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
        const start = whole.slice(0, Math.floor(whole.length * share));
        const { verdict } = await gate({ [path]: start });
        expect({ path, share, verdict }).toEqual({ path, share, verdict: 'error' });
      }
      expect({ path, verdict: (await gate({ [path]: whole.slice(0, -1) })).verdict }).toEqual({
        path,
        verdict: 'error',
      });
    }
  });

  it('a line that is cut is an error', async () => {
    for (const [path] of readable.filter(([name]) => !structured.test(name))) {
      const whole = sample(path).trimEnd();
      for (const share of [0.3, 0.6, 0.9, 1]) {
        const start = whole.slice(0, Math.floor(whole.length * share));
        if (start.endsWith('\n')) continue;
        const { verdict } = await gate({ [path]: start });
        expect({ path, share, verdict }).toEqual({ path, share, verdict: 'error' });
      }
    }
  });

  it('the order of the reports does not matter, nor does their line end', async () => {
    const paths = readable.map(([path]) => path);
    const there = await gate(Object.fromEntries(paths.map((path) => [path, sample(path)])));
    const back = await gate(
      Object.fromEntries(
        paths.toReversed().map((path) => [path, sample(path).replaceAll(/\r?\n/g, '\r\n')]),
      ),
    );
    expect(back.verdict).toBe(there.verdict);
    expect(back.reasonCode).toBe(there.reasonCode);
    expect(back.judgement?.counts).toEqual(there.judgement?.counts);
    expect(ids(back)).toEqual(ids(there));
  });
});

it('the counts are those of the items', async () => {
  for (const path of Object.keys(sampleVerdicts.test)) {
    const { judgement, evidence } = await testGate({ [path]: sample(path) });
    if (judgement === undefined) continue;
    const { tests, passed, failed, errored, skipped, flaky } = testCounts.parse(judgement.counts);
    expect({ path, tests }).toEqual({ path, tests: passed + failed + errored + skipped + flaky });
    expect({ path, tests }).toEqual({ path, tests: evidence[0]?.items });
  }
  for (const path of Object.keys(sampleVerdicts.lint)) {
    const { judgement } = await lintGate({ [path]: sample(path) });
    if (judgement === undefined) continue;
    const { error, warning, note, notAnalysed } = lintCounts.parse(judgement.counts);
    const counted = error + warning + note + notAnalysed;
    expect({ path, counted }).toEqual({ path, counted: judgement.findings.length });
  }
  for (const path of Object.keys(sampleVerdicts.audit)) {
    const { judgement } = await auditGate({ [path]: sample(path) });
    if (judgement === undefined) continue;
    const { critical, high, moderate, low, unknown } = auditCounts.parse(judgement.counts);
    const counted = critical + high + moderate + low + unknown;
    expect({ path, counted }).toEqual({ path, counted: judgement.findings.length });
  }
});

it('every finding of every sample fits the schema, and points into the tree or nowhere', async () => {
  for (const [, gate, reports] of gates) {
    for (const path of Object.keys(reports)) {
      for (const found of (await gate({ [path]: sample(path) })).judgement?.findings ?? []) {
        expect(finding.safeParse(found).error).toBeUndefined();
        expect(found.path ?? 'a').not.toMatch(/^\/|^\.\.|\\/);
      }
    }
  }
});

function ids({ judgement }: Awaited<ReturnType<Gate>>): string[] {
  return (judgement?.findings ?? []).map(({ fingerprint }) => fingerprint).toSorted();
}

it('every folder of samples is used', () => {
  const used = new Set(
    gates.flatMap(([, , reports]) => Object.keys(reports).map((path) => path.split('/')[0])),
  );
  const folders = samplesOf('.')
    .map((path) => path.replace('./', ''))
    .filter((name) => !/^make|\.md$|\.mjs$/.test(name));
  expect(folders.filter((name) => !used.has(name))).toEqual([]);
});
