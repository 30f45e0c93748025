import type { StepResult } from '../host/run-document.ts';

/** `StatusDetails` of an invocation, in the spelling of the API's tokens. */
export type InvocationState =
  | 'Pending'
  | 'InProgress'
  | 'Delayed'
  | 'Cancelling'
  | 'Success'
  | 'DeliveryTimedOut'
  | 'ExecutionTimedOut'
  | 'Failed'
  | 'Cancelled'
  | 'Undeliverable'
  | 'Terminated';

const live: readonly InvocationState[] = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];

export function isTerminal(state: InvocationState): boolean {
  return !live.includes(state);
}

/** `Status` of an invocation: coarser than its details. */
export function invocationStatus(state: InvocationState): string {
  if (state === 'DeliveryTimedOut' || state === 'ExecutionTimedOut') return 'TimedOut';
  if (state === 'Undeliverable') return 'Failed';
  return state === 'Terminated' ? 'Cancelled' : state;
}

/** What the steps of a document make of its invocation: Failed before TimedOut before Cancelled before Success. */
export function documentState(steps: readonly StepResult[]): InvocationState {
  const has = (status: string): boolean => steps.some((step) => step.status === status);
  if (has('Failed')) return 'Failed';
  if (has('TimedOut')) return 'ExecutionTimedOut';
  return has('Cancelled') ? 'Cancelled' : 'Success';
}

/** How many invocations count as errors: only these stop the sending. */
export function countErrors(states: readonly InvocationState[]): number {
  return states.filter((state) => state === 'Failed' || state === 'ExecutionTimedOut').length;
}

/** A limit as `10` or `10%` of the targets, rounded down (how AWS rounds is not documented). */
export function absoluteLimit(limit: string, targets: number): number {
  return limit.endsWith('%')
    ? Math.floor((Number(limit.slice(0, -1)) * targets) / 100)
    : Number(limit);
}

export interface CommandSummary {
  readonly status: string;
  readonly details: string;
  readonly targets: number;
  readonly completed: number;
  readonly errors: number;
  readonly deliveryTimedOut: number;
}

interface CommandView {
  readonly states: readonly InvocationState[];
  readonly maxErrors: number;
  /** The whole command was cancelled, not single invocations. */
  readonly cancelled: boolean;
}

function verdict(view: CommandView, errors: number, undelivered: number): [string, string] {
  const { states, maxErrors } = view;
  if (states.length === 0) return ['Failed', 'NoInstancesInTag'];
  if (!states.every(isTerminal)) {
    if (view.cancelled) return ['Cancelling', 'Cancelling'];
    const started = states.some((state) => state !== 'Pending' && state !== 'Delayed');
    return started ? ['InProgress', 'InProgress'] : ['Pending', 'Pending'];
  }
  if (view.cancelled && states.includes('Cancelled')) return ['Cancelled', 'Cancelled'];
  if (errors > maxErrors) return ['Failed', 'Failed'];
  // Undeliverable hosts are left out of the sum: four of them and one Success make a Success.
  const counted = states.filter((state) => state !== 'Undeliverable');
  if (counted.length === 0) return ['Failed', 'Failed'];
  if (undelivered > 0 && undelivered >= maxErrors) return ['TimedOut', 'DeliveryTimedOut'];
  return counted.every((state) => state === 'Success')
    ? ['Success', 'Success']
    : ['Failed', 'Incomplete'];
}

/** The status of a whole command as AWS computes it, oddities included (user guide, "Understanding command statuses"). */
export function summarise(view: CommandView): CommandSummary {
  const errors = countErrors(view.states);
  const deliveryTimedOut = view.states.filter((state) => state === 'DeliveryTimedOut').length;
  const [status, details] = verdict(view, errors, deliveryTimedOut);
  return {
    status,
    details,
    targets: view.states.length,
    completed: view.states.filter(isTerminal).length,
    errors,
    deliveryTimedOut,
  };
}
