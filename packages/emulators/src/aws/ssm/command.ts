import type { Host } from '../host/host.ts';
import { pendingStep } from '../host/run-document.ts';
import type { StepResult } from '../host/run-document.ts';
import type { ParameterValues } from '../host/substitution.ts';
import type { InvocationState } from './command-state.ts';
import type { DocumentContent } from './document-content.ts';

/** One command on one host. */
export interface Invocation {
  readonly commandId: string;
  readonly host: Host;
  readonly command: Command;
  state: InvocationState;
  steps: StepResult[];
  /** Sent towards the host; before that it waits for MaxConcurrency. */
  dispatched: boolean;
  /** The agent has acknowledged it. */
  accepted: boolean;
  /** Reads that do not see it yet. */
  hiddenReads: number;
  /** A result that shows only after so many reads. */
  late: { reads: number; readonly apply: () => void } | undefined;
  readonly cancel: AbortController;
}

/** One SendCommand. */
export interface Command {
  readonly id: string;
  readonly document: { readonly name: string; readonly version: string };
  readonly content: DocumentContent;
  readonly given: Readonly<Record<string, readonly string[]>>;
  readonly parameters: ParameterValues;
  readonly comment: string;
  readonly instanceIds: readonly string[];
  readonly targets: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  readonly window: number;
  readonly errorLimit: number;
  readonly timeoutSeconds: number;
  /** Milliseconds since the epoch. */
  readonly requested: number;
  readonly expires: number;
  readonly invocations: Invocation[];
  hiddenReads: number;
  cancelled: boolean;
}

/** A fresh invocation of a command on a host. */
export function newInvocation(command: Command, host: Host, hiddenReads: number): Invocation {
  return {
    commandId: command.id,
    host,
    command,
    state: 'Pending',
    steps: command.content.steps.map(pendingStep),
    dispatched: false,
    accepted: false,
    hiddenReads,
    late: undefined,
    cancel: new AbortController(),
  };
}
