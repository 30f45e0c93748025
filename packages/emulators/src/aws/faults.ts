import type { CommandFilter, Fault } from './options.ts';

type HostFault = Extract<Fault, { kind: 'host-death' | 'late-result' | 'false-failure' }>;
/** A fault of a call, with the defaults filled in. */
export type CallFault =
  | { readonly kind: 'error'; readonly code: string; readonly message: string; status: number }
  | { readonly kind: 'lost-request' | 'lost-reply' };

/** What a fault of a host is matched against. */
export interface CommandFacts {
  readonly host: string;
  readonly document: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
}

/** The faults that wait for their moment. */
export interface Faults {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  /** Those that have not struck yet, with what is left of their `times`. */
  readonly pending: () => readonly Fault[];
}

export interface FaultBook extends Faults {
  readonly takeForCall: (operation: string) => CallFault | undefined;
  readonly takeForHost: (facts: CommandFacts) => HostFault[];
}

const wording: Readonly<Record<string, { message: string; status: number }>> = {
  ThrottlingException: { message: 'Rate exceeded', status: 400 },
  SlowDown: { message: 'Please reduce your request rate.', status: 503 },
  InternalServerError: { message: 'An internal server error occurred.', status: 500 },
  InternalError: { message: 'We encountered an internal error. Please try again.', status: 500 },
  ExpiredTokenException: {
    message: 'The security token included in the request is expired',
    status: 400,
  },
};

function isHostFault(fault: Fault): fault is HostFault {
  return (
    fault.kind === 'host-death' || fault.kind === 'late-result' || fault.kind === 'false-failure'
  );
}

function describe(fault: Exclude<Fault, HostFault>): CallFault {
  if (!('error' in fault)) return { kind: fault.kind };
  const known = wording[fault.error];
  return {
    kind: 'error',
    code: fault.error,
    message: fault.message ?? known?.message ?? 'An injected fault.',
    status: fault.statusCode ?? known?.status ?? 400,
  };
}

function matchesCommand(filter: CommandFilter | undefined, facts: CommandFacts): boolean {
  if (filter?.document !== undefined && filter.document !== facts.document) return false;
  return Object.entries(filter?.parameters ?? {}).every(
    ([name, value]) => facts.parameters[name]?.[0] === value,
  );
}

export function createFaults(): FaultBook {
  let entries: { fault: Fault; left: number }[] = [];
  const strike = (entry: { left: number }): void => {
    entry.left -= 1;
    entries = entries.filter((other) => other.left > 0);
  };
  return {
    add: (fault) => void entries.push({ fault, left: fault.times ?? 1 }),
    clear: () => {
      entries = [];
    },
    pending: () => entries.map(({ fault, left }) => ({ ...fault, times: left })),
    takeForCall: (operation) => {
      for (const entry of entries) {
        if (isHostFault(entry.fault) || entry.fault.operation !== operation) continue;
        strike(entry);
        return describe(entry.fault);
      }
      return undefined;
    },
    takeForHost: (facts) => {
      const struck: HostFault[] = [];
      for (const entry of entries) {
        const { fault } = entry;
        if (!isHostFault(fault) || (fault.host !== undefined && fault.host !== facts.host))
          continue;
        if (!matchesCommand(fault.where, facts)) continue;
        strike(entry);
        struck.push(fault);
      }
      return struck;
    },
  };
}
