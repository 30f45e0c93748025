import { parseNeeds } from '@gatewright/contract';
import type { ActionOutcome, InputsOf, RunContext } from '@gatewright/contract';
import type { FoundResults } from '@gatewright/runtime';
import type { contract } from './contract.ts';
import { decide } from './decide.ts';
import { evidenceRecord } from './evidence.ts';
import { renderEvidence } from './render.ts';
import { parseResults } from './results.ts';

/** What the action does to the world. */
export interface Deps {
  readonly run: RunContext;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly findResults: (directory: string) => Promise<FoundResults>;
  /** Gives the path of the evidence file. */
  readonly writeEvidence: (
    directory: string,
    evidence: string,
    found: FoundResults,
  ) => Promise<string>;
}

/** Folds what all jobs said into one record, keeps it, and ends as the whole delivery did. */
export async function run(
  inputs: InputsOf<typeof contract>,
  deps: Deps,
): Promise<ActionOutcome<typeof contract>> {
  const { kind, environment, release } = inputs;
  const found = await deps.findResults(inputs.resultsDirectory);
  const needs = parseNeeds(inputs.needsJson);
  const facts = { kind, environment, release, needs, results: parseResults(found) };
  const decision = decide(facts);
  const evidence = evidenceRecord(facts, decision, deps.run, new Date(deps.now()).toISOString());
  const text = `${JSON.stringify(evidence, undefined, 2)}\n`;
  const path = await deps.writeEvidence(inputs.outputDirectory, text, found);
  const { verdict, reasonCode, explanation, rolledBack } = decision;
  return {
    verdict,
    reasonCode,
    explanation,
    outputs: { evidencePath: path, rolledBack },
    record: { evidence },
    summary: renderEvidence(evidence),
    checked: [
      ...Object.entries(evidence.jobs).map(([name, result]) => `job ${name}: ${result}`),
      ...evidence.steps.map((step) => `${step.action}: ${step.verdict} (${step.reasonCode})`),
      ...evidence.unusableFiles.map(({ file, problem }) => `result file ${file}: ${problem}`),
      ...evidence.unknowns,
    ],
    remedy: rolledBack
      ? 'Mend the release and deliver it again; the hosts serve the earlier one.'
      : 'Look at the summary of the first job that did not succeed, then run the workflow again.',
  };
}
