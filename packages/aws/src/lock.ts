import type { Lock, LockAnswer } from '@gatewright/delivery';
import * as z from 'zod';

import { parseJson } from './ledger.ts';
import {
  createParameter,
  numberedName,
  overwriteParameter,
  parameterJson,
  readNumbered,
  readParameter,
} from './parameters.ts';
import type { SsmApi } from './ssm-api.ts';

/** A lease counts as run out only this long after its end: the clocks of two runners may differ. */
const skewMilliseconds = 60_000;
const mostAttempts = 3;

const lockRecord = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('held'),
    owner: z.string(),
    /** Unique, so that the holder recognises its own value after a lost reply. */
    token: z.string(),
    since: z.iso.datetime(),
    expires: z.iso.datetime(),
  }),
  z.object({ state: z.literal('released') }),
]);
type LockRecord = z.infer<typeof lockRecord>;

/** The newest generation; `record` is undefined when its value cannot be read. */
interface Newest {
  readonly name: string;
  readonly generation: number;
  readonly record: LockRecord | undefined;
}

/** What the lock needs. */
export interface LockOptions {
  readonly app: string;
  readonly environment: string;
  /** The same for everything that may work together: a job and its post steps, in each attempt. */
  readonly owner: string;
  /** Life of the lease without a renewal; longer than the longest wave. */
  readonly leaseSeconds: number;
  readonly now: () => number;
  readonly token: () => string;
}

/**
 * The lock of one application in one environment. Each holder creates a parameter of its own,
 * `/gatewright/<app>/<environment>/lock/<generation>`, which is the only atomic operation that Parameter Store has; the
 * highest generation is the holder. A name is never deleted and never used twice. The generation is the fencing token
 * that hosts compare, so also the same owner gets a new one: what its earlier attempt left on the way is refused.
 */
export function createLock(api: SsmApi, options: LockOptions): Lock {
  const path = `/gatewright/${options.app}/${options.environment}/lock`;
  let held: { generation: number; since: string; token: string; expires: number } | undefined;

  const acquire = async (): Promise<LockAnswer> => {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const newest = await readNewest(api, path);
      const blocking = newest === undefined ? undefined : blockedBy(newest, options);
      if (blocking !== undefined) return blocking;
      const generation = (newest?.generation ?? 0) + 1;
      const since = new Date(options.now()).toISOString();
      const lease = { generation, since, token: options.token(), expires: leaseEnd(options) };
      const value = heldValue(options.owner, lease);
      const created = await createParameter(api, numberedName(path, generation), value);
      // Taken: somebody else was faster; whether that one still holds it is for the next look.
      if (created === 'taken') continue;
      held = lease;
      return { kind: 'acquired', generation };
    }
    return { kind: 'held', by: 'several deliveries that start at once', since: '', expires: '' };
  };

  const renew = async (): Promise<boolean> => {
    // A lease that ran out may be taken over at any moment: it is gone even if nobody came yet.
    if (held === undefined || held.expires <= options.now()) return false;
    const lease = { ...held, expires: leaseEnd(options) };
    const name = numberedName(path, held.generation);
    await overwriteParameter(api, name, heldValue(options.owner, lease));
    // After the write: whoever took the lock over before it stands in the next generation.
    const next = await readParameter(api, numberedName(path, held.generation + 1));
    held = next === undefined ? lease : undefined;
    return next === undefined;
  };

  const release = async (): Promise<void> => {
    const newest = await readNewest(api, path);
    held = undefined;
    const record = newest?.record;
    if (newest === undefined || record?.state !== 'held' || record.owner !== options.owner) return;
    const at = new Date(options.now()).toISOString();
    const released = { schema, state: 'released', owner: options.owner, at };
    await overwriteParameter(api, newest.name, parameterJson(released));
  };

  return { acquire, renew, release };
}

const schema = 'gatewright.lock/1';

function leaseEnd(options: LockOptions): number {
  return options.now() + options.leaseSeconds * 1000;
}

function heldValue(
  owner: string,
  lease: { readonly since: string; readonly token: string; readonly expires: number },
): string {
  const { since, token } = lease;
  const expires = new Date(lease.expires).toISOString();
  return parameterJson({ schema, state: 'held', owner, token, since, expires });
}

async function readNewest(api: SsmApi, path: string): Promise<Newest | undefined> {
  const parameters = await readNumbered(api, path);
  // A name that is no number sorts anywhere; it must block, not vanish.
  const odd = parameters.find((parameter) => Number.isNaN(parameter.number));
  const last = odd ?? parameters.at(-1);
  if (last === undefined) return undefined;
  const parsed = lockRecord.safeParse(parseJson(last.value));
  const record = parsed.success && odd === undefined ? parsed.data : undefined;
  return { name: last.name, generation: last.number, record };
}

/** What keeps us from the lock; undefined when it is free, run out, or our own. */
function blockedBy(newest: Newest, options: LockOptions): LockAnswer | undefined {
  const { record } = newest;
  if (record === undefined) {
    return { kind: 'held', by: `an unreadable record at ${newest.name}`, since: '', expires: '' };
  }
  if (record.state === 'released' || record.owner === options.owner) return undefined;
  if (Date.parse(record.expires) + skewMilliseconds < options.now()) return undefined;
  return { kind: 'held', by: record.owner, since: record.since, expires: record.expires };
}
