import type { Ending } from './ending.ts';
import { cancelled, stopped } from './ending.ts';
import type { Observe } from './events.ts';
import type { DeliveryPorts } from './ports.ts';

/** The lock, or why the delivery ends here. */
export type LockStep =
  | { readonly kind: 'acquired'; readonly generation: number }
  | { readonly kind: 'ended'; readonly ending: Ending };

/** Takes the lock of the environment; a held lock ends the delivery, it is never waited for. */
export async function takeLock(
  ports: Pick<DeliveryPorts, 'lock' | 'signal'>,
  observe: Observe,
): Promise<LockStep> {
  if (ports.signal.aborted) return { kind: 'ended', ending: cancelled() };
  const answer = await ports.lock.acquire();
  if (answer.kind === 'acquired') {
    observe({ kind: 'lock-acquired', generation: answer.generation });
    return answer;
  }
  const since = answer.since === '' ? '' : ` since ${answer.since}`;
  const explanation = `the lock of this environment is held by ${answer.by}${since}`;
  const ending = stopped('lock-held', explanation, {
    checked: [
      `holder: ${answer.by}`,
      answer.expires === '' ? 'its record cannot be read' : `its lease ends at ${answer.expires}`,
    ],
    remedy:
      answer.expires === ''
        ? 'Look at the lock parameter in Parameter Store; write {"state":"released"} into it only when no delivery runs.'
        : 'Wait for the other delivery to end; a lease that runs out is taken over by the next run.',
  });
  return { kind: 'ended', ending };
}
