import type { LintLevel } from '@gatewright/verdict';

/**
 * One entry of a lint report. Texts are one line and safe to show; an absent location was not given or does not lie in
 * the tree.
 */
export interface LintItem {
  /**
   * `not-analysed` is what the tool could not look at: a file with a syntax error, a rule that crashed. `suppressed` is
   * what somebody silenced in the code or in the tool; it is counted and never blocks.
   */
  readonly kind: 'lint' | 'not-analysed' | 'suppressed';
  /** Rule by the tool's own name; what a waiver and a ratchet name. */
  readonly ruleId: string;
  readonly level: LintLevel;
  readonly message: string;
  /** Relative to the root of the repository. */
  readonly path?: string | undefined;
  /** Counts from 1. */
  readonly line?: number | undefined;
  /** Counts from 1. */
  readonly column?: number | undefined;
  /** Text of the line as the report quotes it; what the tree says goes before it. */
  readonly lineText?: string | undefined;
  readonly tool: string;
  /** How the tool itself knows the entry again when lines move; used where the text of the line is not known. */
  readonly fingerprint?: string | undefined;
}

/** An item with the path of its report. */
export interface SeenLintItem extends LintItem {
  readonly seenIn: string;
}

/** Takes the items of a report, in its order. */
export type LintSink = (item: LintItem) => void;
