import { locate } from '../errors.ts';
import { toText } from '../expressions/data.ts';
import { evaluateNode, evaluateText } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/evaluate.ts';
import { find } from '../syntax/node.ts';
import type { Node } from '../syntax/node.ts';
import type { Instance } from './state.ts';

/** Leave to run, from a concurrency group or because there is none. */
export type Turn =
  | { readonly kind: 'held'; readonly groups: readonly string[]; release(): void }
  | { readonly kind: 'cancelled'; readonly reason: string };

interface Waiter {
  readonly scope: Scope;
  /** Who waits, for messages. */
  readonly name: string;
  /** Cancels whoever gets the turn. */
  readonly cancel: AbortController;
}

/** Waits for the concurrency group of a job or of a workflow. @throws Error when the key cannot be evaluated. */
export async function takeTurn(
  { run, heldGroups }: Pick<Instance, 'run' | 'heldGroups'>,
  concurrency: Node | undefined,
  { scope, name, cancel }: Waiter,
): Promise<Turn> {
  const group = groupName(concurrency, scope);
  if (group === '') return { kind: 'held', groups: heldGroups, release: () => undefined };
  const key = group.toLowerCase();
  if (heldGroups.includes(key)) {
    const reason = `Canceling since a deadlock for concurrency group '${group}' was detected between a workflow and '${name}'`;
    return { kind: 'cancelled', reason };
  }
  const lease = await run.groups.acquire({
    group,
    ...settings(concurrency, scope),
    onCancel: () => cancel.abort(),
    signal: cancel.signal,
    onWait: () => run.emit({ kind: 'job-waiting', job: name, for: 'concurrency', name: group }),
  });
  if (lease.kind === 'held') {
    return { kind: 'held', groups: [...heldGroups, key], release: () => lease.release() };
  }
  const reason =
    lease.reason === 'aborted'
      ? 'The operation was canceled.'
      : `Canceling since a higher priority waiting request for '${group}' exists`;
  return { kind: 'cancelled', reason };
}

function groupName(concurrency: Node | undefined, scope: Scope): string {
  if (concurrency === undefined) return '';
  return evaluateText(find(concurrency, 'group') ?? concurrency, scope);
}

function settings(
  concurrency: Node | undefined,
  scope: Scope,
): { readonly cancelInProgress: boolean; readonly queue: 'single' | 'max' } {
  const cancel = find(concurrency, 'cancel-in-progress');
  const queue = find(concurrency, 'queue');
  const cancelInProgress = cancel !== undefined && toText(evaluateNode(cancel, scope)) === 'true';
  const isMax = queue !== undefined && evaluateText(queue, scope) === 'max';
  if (isMax && cancelInProgress) {
    throw new Error(locate(queue.at, "queue 'max' cannot be combined with cancel-in-progress"));
  }
  return { cancelInProgress, queue: isMax ? 'max' : 'single' };
}
