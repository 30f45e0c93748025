import { ConfigurationError } from '@gatewright/verdict';
import type { Position } from './syntax/node.ts';

/** A workflow or action file breaks a rule of GitHub; the message starts with `file:line:column`. */
export class WorkflowFileError extends ConfigurationError {
  /** Every problem that was found, each as `file:line:column: what is wrong`. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('workflow-invalid', problems.join('\n'), {
      checked: problems,
      remedy: 'Correct the named lines; GitHub would refuse this file as well.',
    });
    this.problems = problems;
  }
}

/** A workflow or action file uses something that the engine does not run; the message starts with `file:line:column`. */
export class UnsupportedSyntaxError extends ConfigurationError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super('workflow-unsupported', problems.join('\n'), {
      checked: problems,
      remedy: 'Leave this syntax out of what is run locally, or run the workflow on GitHub.',
    });
    this.problems = problems;
  }
}

/** An expression could not be evaluated while the run was under way; the step or job that holds it fails. */
export class ExpressionFailure extends Error {}

/** `file:line:column: message`, the form of every complaint about a file. */
export function locate(position: Position, message: string): string {
  return `${position.file}:${position.line}:${position.column}: ${message}`;
}

/** The message of whatever was thrown. Errors of Node itself may come from another realm, so `instanceof` is no help. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error)
    return String(error.message);
  return String(error);
}
