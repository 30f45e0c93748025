import type { RunContext } from '@gatewright/contract';
import type { Decision, Facts } from './decide.ts';
import type { Step } from './results.ts';

/** The `schema` of every evidence record. */
export const evidenceSchemaName = 'gatewright.evidence/1';

/** A host at the end, as far as any step told. */
export interface EvidenceHost {
  readonly id: string;
  readonly name: string;
  readonly outcome: string;
  readonly release: { readonly version: string; readonly digest: string } | null;
}

/** The account of one attempt: what was asked for, what every job and step said, and what follows from it. */
export type Evidence = ReturnType<typeof evidenceRecord>;

/** Folds the facts and the decision into one record. Pure: `recordedAt` is ISO 8601, UTC. */
export function evidenceRecord(
  facts: Facts,
  decision: Decision,
  run: RunContext,
  recordedAt: string,
) {
  const { kind, environment, release, needs, results } = facts;
  return {
    schema: evidenceSchemaName,
    kind,
    environment,
    release,
    digest: digestOf(facts),
    repository: run.repository,
    commit: run.sha,
    ref: run.ref,
    event: run.eventName,
    actor: run.actor,
    run: {
      id: run.runId,
      attempt: run.runAttempt,
      url: `${run.serverUrl}/${run.repository}/actions/runs/${run.runId}/attempts/${run.runAttempt}`,
    },
    verdict: decision.verdict,
    reasonCode: decision.reasonCode,
    explanation: decision.explanation,
    rolledBack: decision.rolledBack,
    unknowns: decision.unknowns,
    jobs:
      needs.kind === 'known'
        ? Object.fromEntries([...needs.jobs].map(([name, job]) => [name, job.result]))
        : {},
    steps: results.steps.map(({ action, verdict, reasonCode, explanation, file, sha256 }) => ({
      action,
      verdict,
      reasonCode,
      explanation,
      file,
      sha256,
    })),
    unusableFiles: results.bad,
    hosts: finalHosts(results.steps),
    startedAt: startOf(results.steps),
    recordedAt,
  };
}

/** The digest that was approved; null where nobody said one. */
function digestOf({ kind, needs, results }: Facts): string | null {
  const approved = needs.kind === 'known' ? needs.jobs.get('brief')?.outputs['digest'] : undefined;
  if (approved !== undefined && approved !== '') return approved;
  const step = results.steps.find(
    ({ action }) => action === (kind === 'deploy' ? 'deploy-ssm' : 'rollback-ssm'),
  );
  return (kind === 'deploy' ? step?.details.release : step?.details.to)?.digest ?? null;
}

/** What deploy-ssm said of each host, replaced by what rollback-ssm said later. */
function finalHosts(steps: readonly Step[]): EvidenceHost[] {
  const hosts = new Map<string, EvidenceHost>();
  for (const action of ['deploy-ssm', 'rollback-ssm']) {
    for (const host of steps.find((step) => step.action === action)?.details.hosts ?? []) {
      const { id, name, outcome, release } = host;
      const version = release?.version ?? '';
      const digest = release?.digest ?? '';
      hosts.set(id, { id, name, outcome, release: release === null ? null : { version, digest } });
    }
  }
  return [...hosts.values()];
}

function startOf(steps: readonly Step[]): string | null {
  const starts = steps.flatMap(({ details }) => details.startedAt ?? []);
  return starts.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
}
