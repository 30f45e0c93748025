import type { ReasonCode, Verdict } from '@gatewright/verdict';
import type { ActionContract, OutputsOf } from './action-contract.ts';
import type { Annotation } from './context.ts';

/** How an action ended. Only `pass` and `skipped` make the step green. */
export interface ActionOutcome<C extends ActionContract = ActionContract> {
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  /** One sentence for a human, without Markdown. */
  readonly explanation: string;
  readonly outputs: OutputsOf<C>;
  /** Stands in the result file beside `schema`, `action`, `verdict`, `reasonCode`, `explanation`, `checked`, `remedy`. */
  readonly record: Readonly<Record<string, unknown>>;
  /** GitHub Markdown; the runtime puts the line with the verdict before it. */
  readonly summary: string;
  /** What was looked at, one fact an entry. */
  readonly checked?: readonly string[];
  /** What to do next, one sentence. */
  readonly remedy?: string;
  /** What to show beside the run, most important first; the runtime keeps to GitHub's budget. */
  readonly annotations?: readonly Annotation[];
}
