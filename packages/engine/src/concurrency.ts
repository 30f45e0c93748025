/** A place in a concurrency group. */
export interface ConcurrencyRequest {
  readonly group: string;
  /** Whether a newcomer cancels who holds the group now. */
  readonly cancelInProgress: boolean;
  /** `single`: a newcomer pushes out who is waiting; `max`: everybody waits in line. */
  readonly queue: 'single' | 'max';
  /** Called when a newcomer cancels the holder. */
  readonly onCancel: () => void;
  /** Gives up waiting. */
  readonly signal: AbortSignal;
  /** Told once, when the group is taken and the request has to wait. */
  readonly onWait?: () => void;
}

export type Lease =
  | { readonly kind: 'held'; release(): void }
  /** Pushed out of the queue by a newcomer, or given up. */
  | { readonly kind: 'cancelled'; readonly reason: 'superseded' | 'aborted' | 'queue-full' };

/** The concurrency groups of one repository. */
export interface ConcurrencyGroups {
  acquire(request: ConcurrencyRequest): Promise<Lease>;
}

interface Waiting {
  readonly request: ConcurrencyRequest;
  settle(lease: Lease): void;
}

interface Group {
  holder: ConcurrencyRequest | undefined;
  readonly waiting: Waiting[];
}

/** GitHub keeps at most this many waiting with `queue: max`. */
const longestQueue = 100;

/** Groups within this process; names are compared without case. */
export function createConcurrencyGroups(): ConcurrencyGroups {
  const groups = new Map<string, Group>();

  const grant = (group: Group, request: ConcurrencyRequest): Lease => {
    group.holder = request;
    return {
      kind: 'held',
      release() {
        if (group.holder !== request) return;
        group.holder = undefined;
        const next = group.waiting.shift();
        if (next !== undefined) next.settle(grant(group, next.request));
      },
    };
  };

  return {
    acquire(request) {
      const name = request.group.toLowerCase();
      const group = groups.get(name) ?? { holder: undefined, waiting: [] };
      groups.set(name, group);
      if (request.signal.aborted) return Promise.resolve(cancelled('aborted'));
      if (group.holder === undefined) return Promise.resolve(grant(group, request));
      if (request.queue === 'single') {
        for (const pushedOut of group.waiting.splice(0)) pushedOut.settle(cancelled('superseded'));
      }
      if (group.waiting.length >= longestQueue) return Promise.resolve(cancelled('queue-full'));
      const lease = waitFor(group, request);
      request.onWait?.();
      if (request.cancelInProgress) group.holder.onCancel();
      return lease;
    },
  };
}

function waitFor(group: Group, request: ConcurrencyRequest): Promise<Lease> {
  return new Promise((resolve) => {
    const giveUp = (): void => {
      group.waiting.splice(group.waiting.indexOf(waiting), 1);
      resolve(cancelled('aborted'));
    };
    const waiting: Waiting = {
      request,
      settle(lease) {
        request.signal.removeEventListener('abort', giveUp);
        resolve(lease);
      },
    };
    group.waiting.push(waiting);
    request.signal.addEventListener('abort', giveUp, { once: true });
  });
}

function cancelled(reason: Extract<Lease, { kind: 'cancelled' }>['reason']): Lease {
  return { kind: 'cancelled', reason };
}
