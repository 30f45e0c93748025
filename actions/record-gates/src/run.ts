import { codeSpan, parseNeeds } from '@gatewright/contract';
import type { ActionOutcome, InputsOf, RunContext } from '@gatewright/contract';
import type { GitHub } from '@gatewright/github';
import type { FoundResults } from '@gatewright/runtime';
import type { GateRecord } from '@gatewright/verdict';
import type { contract } from './contract.ts';
import { foldGates } from './fold.ts';
import type { Fold } from './fold.ts';
import { parseGateFiles } from './gate-files.ts';
import type { WrittenRecord } from './write-record.ts';

type Contract = typeof contract;

/** What the action does to the world. */
export interface Deps {
  readonly run: RunContext;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly findResults: (directory: string) => Promise<FoundResults>;
  readonly writeRecord: (directory: string, record: GateRecord) => Promise<WrittenRecord>;
  readonly github: Pick<GitHub, 'treeOf'>;
}

/** Folds the three results into one record, keeps it, and ends as the gates together did. */
export async function run(
  inputs: InputsOf<Contract>,
  deps: Deps,
): Promise<ActionOutcome<Contract>> {
  const { sha: commit } = deps.run;
  const files = parseGateFiles(await deps.findResults(inputs.resultsDirectory));
  const fold = foldGates({ commit, needs: parseNeeds(inputs.needsJson), files });
  const record = recordOf(fold, deps, await deps.github.treeOf(commit));
  const { path, digest } = await deps.writeRecord(inputs.outputDirectory, record);
  return {
    verdict: fold.verdict,
    reasonCode: fold.reasonCode,
    explanation: fold.explanation,
    outputs: { recordPath: path, recordDigest: digest },
    record: { gateRecord: record, digest },
    summary: renderGates(fold, record, digest),
    checked: fold.ends.map(
      ({ gate, verdict, explanation }) => `${gate}: ${verdict}: ${explanation}`,
    ),
    remedy: 'Look at the summary of the first gate that did not pass.',
  };
}

function recordOf(fold: Fold, { run: context, now }: Deps, tree: string): GateRecord {
  const { repository, sha, ref, eventName, runId, runAttempt } = context;
  return {
    schema: 'gatewright.gate-record/1',
    repository,
    commit: sha,
    tree,
    ref,
    event: eventName,
    runId,
    runAttempt,
    at: new Date(now()).toISOString(),
    verdict: fold.verdict,
    reasonCode: fold.reasonCode,
    explanation: fold.explanation,
    gates: fold.gates,
  };
}

function renderGates(fold: Fold, record: GateRecord, digest: string): string {
  const rows = fold.ends.map(({ gate, verdict, explanation }) => {
    const evidence = record.gates[gate]?.evidence ?? [];
    const read = evidence.map(({ path, items }) => `${path} (${items})`).join(', ');
    return `| ${gate} | ${verdict} | ${codeSpan(explanation)} | ${codeSpan(read)} |`;
  });
  return [
    '### Gates',
    '',
    '| gate | verdict | why | read (items) |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `Commit ${codeSpan(record.commit)}, tree ${codeSpan(record.tree)}, record ${codeSpan(digest)}.`,
    '',
  ].join('\n');
}
