import { inspect } from 'node:util';
import type { ActionContract, ActionOutcome, Annotation } from '@gatewright/contract';
import { camelCase, resultSchemaName } from '@gatewright/contract';
import { GatewrightError } from '@gatewright/verdict';
import type { ReasonCode, Verdict } from '@gatewright/verdict';
import { singleLine } from './safe-text.ts';

/** What an action came to, whether by an outcome or by an error. */
export interface Conclusion {
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
  readonly checked: readonly string[];
  readonly remedy?: string | undefined;
  readonly record: Readonly<Record<string, unknown>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** Declared outputs by their kebab-case name. */
  readonly outputs: readonly (readonly [name: string, value: string])[];
}

const nothingMade = { record: {}, summary: '', annotations: [], outputs: [] } as const;

/** Only these make a step green. */
export function isGreen(verdict: Verdict): boolean {
  return verdict === 'pass' || verdict === 'skipped';
}

function outputText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** From what `run` returned. */
export function concludeOutcome<C extends ActionContract>(
  contract: C,
  outcome: ActionOutcome<C>,
): Conclusion {
  const values = new Map<string, unknown>(Object.entries(outcome.outputs));
  return {
    verdict: outcome.verdict,
    reasonCode: outcome.reasonCode,
    explanation: singleLine(outcome.explanation),
    checked: outcome.checked ?? [],
    remedy: outcome.remedy,
    record: outcome.record,
    summary: outcome.summary,
    annotations: outcome.annotations ?? [],
    outputs: Object.keys(contract.outputs).map((name) => {
      return [name, outputText(values.get(camelCase(name)))] as const;
    }),
  };
}

function messageOf(error: unknown): string {
  return singleLine(error instanceof Error ? error.message : String(error));
}

/**
 * From what `run` threw: a Gatewright error keeps its reason code; anything else is our own defect.
 *
 * @param cancelled - the name of the signal that asked the action to stop, if one did
 */
export function concludeError(error: unknown, cancelled: string | undefined): Conclusion {
  const known = error instanceof GatewrightError ? error : undefined;
  if (cancelled !== undefined) {
    return {
      ...nothingMade,
      verdict: 'error',
      reasonCode: 'cancelled',
      explanation: `The run was cancelled (${cancelled}) before it ended: ${messageOf(error)}`,
      checked: known?.checked ?? [],
      remedy: known?.remedy ?? 'Look at what was done so far, then run the workflow again.',
    };
  }
  if (known) {
    return {
      ...nothingMade,
      verdict: 'error',
      reasonCode: known.reasonCode,
      explanation: messageOf(known),
      checked: known.checked,
      remedy: known.remedy,
    };
  }
  return {
    ...nothingMade,
    verdict: 'error',
    reasonCode: 'internal-error',
    explanation: `The action has a defect: ${messageOf(error)}`,
    checked: [],
    remedy: 'Run the job again with debug logging on, and report the stack that it then shows.',
  };
}

/** An error with its stack and its causes, for the debug log. */
export function errorStory(error: unknown): string {
  return inspect(error, { depth: 4 });
}

/** The text of the result file. @param redact - removes masked values from a text */
export function resultText(
  contract: ActionContract,
  conclusion: Conclusion,
  redact: (text: string) => string,
): string {
  const fixed = {
    schema: resultSchemaName,
    action: contract.name,
    verdict: conclusion.verdict,
    reasonCode: conclusion.reasonCode,
    explanation: conclusion.explanation,
    checked: conclusion.checked,
    remedy: conclusion.remedy,
  };
  // Twice, so that the fixed keys stand first and an action cannot replace them.
  const whole = { ...fixed, ...conclusion.record, ...fixed };
  const safe = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? redact(value) : value;
  return `${JSON.stringify(whole, safe, 2)}\n`;
}
