import { readFileSync, readdirSync } from 'node:fs';
import type { GateEvidence, GateResult, Waiver } from '@gatewright/verdict';
import { judgeAudit } from '../../audit/judge-audit.ts';
import type { AuditEvidence } from '../../audit/judge-audit.ts';
import type { SeenAuditItem } from '../../audit/item.ts';
import { auditReaders } from '../../audit/readers.ts';
import { createCoverage } from '../../coverage/coverage.ts';
import { judgeCoverage } from '../../coverage/judge-coverage.ts';
import type { CoverageInput } from '../../coverage/judge-coverage.ts';
import { coverageReaders } from '../../coverage/readers.ts';
import { orderBreaches } from '../../judgement.ts';
import type { Judgement } from '../../judgement.ts';
import { judgeLint } from '../../lint/judge-lint.ts';
import type { LintJudgementInput } from '../../lint/judge-lint.ts';
import type { SeenLintItem } from '../../lint/lint-item.ts';
import { lintReaders } from '../../lint/readers.ts';
import type { AuditPolicy, CoveragePolicy, LintPolicy, TestPolicy } from '../../policy.ts';
import { readReport } from '../../report/read-report.ts';
import { ReportError } from '../../report/report-error.ts';
import type { Reader } from '../../report/reader.ts';
import { judgeTests } from '../../test/judge-tests.ts';
import { testReaders } from '../../test/readers.ts';
import { createTestTally } from '../../test/tally.ts';
import { openWaivers } from '../../waivers/waivers.ts';

/** Contents by path. */
export type Reports = Readonly<Record<string, string | Uint8Array>>;

/** How a gate ends over some reports: what the pipeline makes of them, without files and commands. */
export interface Ended {
  readonly verdict: 'pass' | 'fail' | 'error';
  readonly reasonCode: string;
  /** Of all breaches, or why reports could not be read. */
  readonly explanations: readonly string[];
  readonly evidence: readonly GateEvidence[];
  /** Absent when a report could not be read. */
  readonly judgement?: Judgement;
}

const samples = new URL('../../../samples/', import.meta.url);

/** A report that the real tool wrote, or one of `handwritten/`. */
export function sample(path: string): string {
  return readFileSync(new URL(path, samples), 'utf8');
}

/** Paths of all samples of a tool. */
export function samplesOf(tool: string): string[] {
  return readdirSync(new URL(`${tool}/`, samples))
    .toSorted()
    .map((name) => `${tool}/${name}`);
}

const lintPolicy: LintPolicy = {
  failOn: 'error',
  newOnly: false,
  ratchet: {},
  minimumReports: 1,
};
const testPolicy: TestPolicy = { minimumReports: 1, minimumTests: 1, regressions: false };
const auditPolicy: AuditPolicy = {
  failOnSeverity: 'high',
  unknownSeverity: 'fail',
  newOnly: false,
  fixableOnly: false,
  developmentFailOn: 'high',
  minimumReports: 1,
};

interface Common<Policy> {
  readonly policy?: Partial<Policy>;
  readonly waivers?: readonly Waiver[];
  readonly base?: GateResult;
}

const today = '2026-11-20';
const waive = (waivers: readonly Waiver[] = []): LintJudgementInput['waive'] =>
  openWaivers({ waivers, policy: { maximumTermDays: 90, warnDays: 14 }, today }).apply;

/** The lint gate over reports. */
export async function lintGate(reports: Reports, given: Common<LintPolicy> = {}): Promise<Ended> {
  const items: SeenLintItem[] = [];
  const reading = await readEach(reports, lintReaders, (seenIn) => (item) => {
    items.push({ ...item, seenIn });
  });
  return ended(reading, () =>
    judgeLint({
      items,
      lineText: () => undefined,
      base: given.base,
      policy: { ...lintPolicy, ...given.policy },
      waive: waive(given.waivers),
    }),
  );
}

interface TestGiven extends Common<TestPolicy> {
  readonly coverage?: Reports;
  readonly coveragePolicy?: Partial<CoveragePolicy>;
  readonly changedLines?: CoverageInput['changedLines'];
}

/** The test gate over reports of tests and coverage. */
export async function testGate(reports: Reports, given: TestGiven = {}): Promise<Ended> {
  const gatherer = createTestTally();
  const tests = await readEach(reports, testReaders, (seenIn) => gatherer.sink(seenIn));
  const collector = createCoverage();
  const covered = await readEach(given.coverage ?? {}, coverageReaders, () => collector);
  const policy: CoveragePolicy = { metric: 'line', minimum: 70, ...given.coveragePolicy };
  return ended([...tests, ...covered], () =>
    judgeTests({
      tally: gatherer.tally(),
      policy: { ...testPolicy, ...given.policy },
      waive: waive(given.waivers),
      ...(given.base !== undefined && { base: given.base }),
      ...(given.coverage !== undefined && {
        coverage: judgeCoverage({
          coverage: collector.coverage(),
          changedLines: given.changedLines,
          base: given.base,
          policy,
        }),
      }),
    }),
  );
}

interface AuditGiven extends Common<AuditPolicy> {
  readonly snapshot?: AuditEvidence['snapshot'];
}

/** The audit gate over reports. */
export async function auditGate(reports: Reports, given: AuditGiven = {}): Promise<Ended> {
  const items: SeenAuditItem[] = [];
  const reading = await readEach(reports, auditReaders, (seenIn) => (item) => {
    items.push({ ...item, seenIn });
  });
  return ended(reading, () =>
    judgeAudit({
      items,
      policy: { ...auditPolicy, ...given.policy },
      waive: waive(given.waivers),
      ...(given.base !== undefined && { base: given.base }),
      ...(given.snapshot !== undefined && { snapshot: given.snapshot }),
    }),
  );
}

/** A gate over reports, with its policy. */
export type Gate = (reports: Reports) => Promise<Ended>;

/** The test gate over coverage alone, beside one test that passes. */
export async function coverageGate(coverage: Reports): Promise<Ended> {
  const tests = { 'junit.xml': '<testsuite tests="1"><testcase name="a"/></testsuite>' };
  return testGate(tests, { coverage, coveragePolicy: { minimum: 1 } });
}

/** A result as a later run gets it as its base. */
export function asBase(
  gate: GateResult['gate'],
  { verdict, reasonCode, judgement }: Ended,
): GateResult {
  if (judgement === undefined) throw new Error('no base: the reports could not be read');
  return {
    gate,
    verdict,
    reasonCode,
    explanation: '',
    evidence: [],
    counts: judgement.counts,
    findings: [...judgement.findings],
    findingsOmitted: 0,
    waived: [...judgement.waived],
    ...(judgement.tests !== undefined && { tests: judgement.tests }),
    policy: { source: 'defaults', digest: '0'.repeat(64) },
  };
}

type Read = GateEvidence | ReportError;

async function readEach<Sink>(
  reports: Reports,
  readers: readonly Reader<Sink>[],
  sinkFor: (path: string) => Sink,
): Promise<Read[]> {
  const read: Read[] = [];
  for (const [path, content] of Object.entries(reports)) {
    read.push(await readOne(path, content, readers, sinkFor(path)));
  }
  return read;
}

async function readOne<Sink>(
  path: string,
  content: string | Uint8Array,
  readers: readonly Reader<Sink>[],
  sink: Sink,
): Promise<Read> {
  try {
    return await readReport({
      source: {
        path,
        async *open() {
          await Promise.resolve();
          yield Buffer.from(content);
        },
      },
      readers,
      foreign: [],
      sink,
      roots: { root: '/work-tree', base: '/work-tree' },
    });
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
}

function ended(reading: readonly Read[], judge: () => Judgement): Ended {
  const problems = reading.filter((read) => read instanceof ReportError);
  const evidence = reading.flatMap((read) => (read instanceof ReportError ? [] : [read]));
  const [problem] = problems;
  if (problem !== undefined) {
    const explanations = problems.map(({ message }) => message);
    return { verdict: 'error', reasonCode: problem.reasonCode, explanations, evidence };
  }
  const judgement = judge();
  const breaches = orderBreaches(judgement.breaches);
  const [breach] = breaches;
  return {
    verdict: breach?.verdict ?? 'pass',
    reasonCode: breach?.reasonCode ?? 'gate-passed',
    explanations: breaches.map(({ explanation }) => explanation),
    evidence,
    judgement,
  };
}
