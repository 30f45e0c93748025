import { ConfigurationError, GatewrightError } from '@gatewright/verdict';
import type { GateResult } from '@gatewright/verdict';
import type { Breach, Judgement } from '../judgement.ts';
import { orderBreaches } from '../judgement.ts';
import type { Collected } from './collected.ts';
import { collectCommand } from './collect-command.ts';
import { collectDetected } from './collect-detected.ts';
import { collectReports } from './collect-reports.ts';
import type { GateKind } from './gate-kind.ts';
import { policyDigest } from './effective-policy.ts';
import { emptyCounts, passSentence } from './nothing-judged.ts';
import { keepReports } from './keep-reports.ts';
import { readReports } from './read-reports.ts';
import type { ReadAll } from './read-reports.ts';
import type { GatePorts, GateRequest } from './request.ts';
import { dayOf } from './today.ts';
import type { GateAccount } from '../show/index.ts';
import { openWaivers } from '../waivers/waivers.ts';
import type { WaiverReport } from '../waivers/waivers.ts';
import { parseChanges } from '../coverage/parse-changes.ts';

/** More findings than these are counted, but not listed. */
export const mostFindings = 50_000;

/**
 * Runs a gate from its evidence to its result: finds or makes the reports, reads all of them, and only when every one
 * could be read judges them.
 *
 * @throws ConfigurationError for what is not evidence: a program that cannot be started, a policy that is loosened.
 */
export async function runGate(
  kind: GateKind,
  request: GateRequest,
  ports: GatePorts,
): Promise<GateAccount> {
  const work = kind.begin(request);
  const collected = await collect(kind, request, ports);
  const read = await readReports(work, collected.inputs, collected.runs);
  const { reportsDirectory } = request;
  const unkept =
    reportsDirectory === undefined ? [] : await keepReports(collected.inputs, reportsDirectory);
  const commit = (await ports.git.commit()) ?? request.commit;
  const facts = [...(request.notes ?? []), ...collected.notes, ...unkept];
  const known = { request, facts, read, commit };
  const change = await linesOfChange(request, ports);
  const problems = [...collected.problems, ...read.problems, ...change.problems];
  if (problems.length > 0) return account(known, nothingJudged(request, problems));
  const { lines } = change;
  const now = ports.now();
  const waiving = openWaivers({
    waivers: request.waivers,
    policy: request.policy.gates.waivers,
    today: dayOf(now),
  });
  const changedLines = lines === undefined ? {} : { changedLines: lines };
  const judgement = await work.judge({ waive: waiving.apply, now, ...changedLines });
  const breaches = [...tooFewReports(request, read), ...judgement.breaches];
  const notes = [...change.notes, ...judgement.notes];
  const whole = account(known, { ...judgement, notes, breaches }, waiving.report(judgement.waived));
  return lines === undefined ? whole : { ...whole, changed: new Set(lines.keys()) };
}

function collect(kind: GateKind, request: GateRequest, ports: GatePorts): Promise<Collected> {
  const { evidence } = request;
  if (evidence.kind === 'reports') return collectReports(evidence, request, ports);
  if (evidence.kind === 'command') return collectCommand(evidence, request, ports);
  return collectDetected(kind.plan, request, ports);
}

interface Change {
  /** Lines that the change touches, by path; undefined when nobody asked for them. */
  readonly lines: ReadonlyMap<string, readonly number[]> | undefined;
  readonly problems: readonly GatewrightError[];
  readonly notes: readonly string[];
}

/** Asked for by the policy or by the caller, it must be known. */
async function linesOfChange(
  { policy, gate, diffBase }: GateRequest,
  { git }: GatePorts,
): Promise<Change> {
  const { coverage } = policy.gates.test;
  if (diffBase !== undefined) {
    try {
      return { lines: parseChanges(await git.diff(diffBase)), problems: [], notes: [] };
    } catch (error) {
      if (!(error instanceof GatewrightError)) throw error;
      // Only the coverage of the change is judged by it; elsewhere it only says what to show first.
      if (gate === 'test') return { lines: undefined, problems: [error], notes: [] };
      return { lines: undefined, problems: [], notes: [error.message] };
    }
  }
  if (gate !== 'test' || coverage?.changedMinimum === undefined) {
    return { lines: undefined, problems: [], notes: [] };
  }
  const problem = new ConfigurationError(
    'changes-unknown',
    `${coverage.changedMinimum} % of the changed lines must be covered, but it is not known what the change started from.`,
    { remedy: 'Give the commit that the change started from as diff-base.' },
  );
  return { lines: undefined, problems: [problem], notes: [] };
}

/** The gate of tests counts by itself: only reports with cases are any. */
function tooFewReports({ gate, policy }: GateRequest, { reports }: ReadAll): Breach[] {
  if (gate === 'test') return [];
  const { minimumReports } = policy.gates[gate];
  if (reports >= minimumReports) return [];
  return [
    {
      verdict: 'error',
      reasonCode: 'evidence-too-small',
      explanation: `${reports} reports were read; the policy demands ${minimumReports}.`,
      remedy: 'See that every tool has run, and that the globs name all reports.',
    },
  ];
}

function nothingJudged({ gate }: GateRequest, problems: readonly GatewrightError[]): Judgement {
  const breaches = problems.map(({ reasonCode, message, remedy }): Breach => {
    const next = remedy === undefined ? {} : { remedy };
    return { verdict: 'error', reasonCode, explanation: message, ...next };
  });
  return { counts: emptyCounts(gate), findings: [], waived: [], breaches, notes: [] };
}

interface Known {
  readonly request: GateRequest;
  /** What was seen before anything was judged, one sentence each. */
  readonly facts: readonly string[];
  readonly read: ReadAll;
  readonly commit: string | undefined;
}

function account(
  { request, facts, read, commit }: Known,
  judgement: Judgement,
  waivers?: WaiverReport,
): GateAccount {
  const { gate, policy } = request;
  const breaches = orderBreaches(judgement.breaches);
  const [first] = breaches;
  const listed = judgement.findings.slice(0, mostFindings);
  const result: GateResult = {
    gate,
    verdict: first?.verdict ?? 'pass',
    reasonCode: first?.reasonCode ?? 'gate-passed',
    explanation: first?.explanation ?? passSentence(gate, judgement, read.evidence.length),
    ...(commit === undefined ? {} : { commit }),
    evidence: [...read.evidence],
    counts: judgement.counts,
    findings: listed,
    findingsOmitted: judgement.findings.length - listed.length,
    waived: judgement.waived,
    ...(judgement.tests === undefined ? {} : { tests: judgement.tests }),
    policy: {
      source: policy.source,
      digest: policyDigest(gate, policy.gates, request.waivers),
    },
  };
  const notes = [...facts, ...judgement.notes];
  return { result, breaches, notes, ...(waivers === undefined ? {} : { waivers }) };
}
