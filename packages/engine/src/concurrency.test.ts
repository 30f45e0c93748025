import { describe, expect, it } from '@jest/globals';
import { createConcurrencyGroups } from './concurrency.ts';
import type { ConcurrencyRequest } from './concurrency.ts';

const request = (more: Partial<ConcurrencyRequest> = {}): ConcurrencyRequest => ({
  group: 'deploy',
  cancelInProgress: false,
  queue: 'single',
  onCancel: () => undefined,
  signal: new AbortController().signal,
  ...more,
});

describe('a concurrency group', () => {
  it('gives the turn to one after the other, in order', async () => {
    const groups = createConcurrencyGroups();
    const order: string[] = [];
    const take = async (name: string): Promise<void> => {
      const lease = await groups.acquire(request({ queue: 'max' }));
      order.push(name);
      if (lease.kind === 'held') lease.release();
    };
    await Promise.all(['a', 'b', 'c'].map(take));
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('compares names without case and keeps other groups apart', async () => {
    const groups = createConcurrencyGroups();
    await groups.acquire(request());
    let waited = 0;
    const second = groups.acquire(request({ group: 'DEPLOY', onWait: () => (waited += 1) }));
    expect(waited).toBe(1);
    expect((await groups.acquire(request({ group: 'other' }))).kind).toBe('held');
    await groups.acquire(request({ onWait: () => undefined, signal: AbortSignal.abort() }));
    void second;
  });

  it('lets a newcomer push out who is waiting, but not who runs', async () => {
    const groups = createConcurrencyGroups();
    const first = await groups.acquire(request());
    const second = groups.acquire(request());
    const third = groups.acquire(request());
    expect(await second).toEqual({ kind: 'cancelled', reason: 'superseded' });
    if (first.kind === 'held') first.release();
    expect((await third).kind).toBe('held');
  });

  it('lets a newcomer cancel who runs when it asks for that', async () => {
    const groups = createConcurrencyGroups();
    let cancelled = false;
    const first = await groups.acquire(request({ onCancel: () => (cancelled = true) }));
    const second = groups.acquire(request({ cancelInProgress: true }));
    expect(cancelled).toBe(true);
    if (first.kind === 'held') first.release();
    expect((await second).kind).toBe('held');
  });

  it('forgets who gives up waiting', async () => {
    const groups = createConcurrencyGroups();
    const first = await groups.acquire(request());
    const controller = new AbortController();
    const second = groups.acquire(request({ queue: 'max', signal: controller.signal }));
    const third = groups.acquire(request({ queue: 'max' }));
    controller.abort();
    expect(await second).toEqual({ kind: 'cancelled', reason: 'aborted' });
    if (first.kind === 'held') first.release();
    expect((await third).kind).toBe('held');
  });

  it('keeps a hundred waiting and no more', async () => {
    const groups = createConcurrencyGroups();
    await groups.acquire(request());
    const waiting = Array.from({ length: 100 }, () => groups.acquire(request({ queue: 'max' })));
    expect(await groups.acquire(request({ queue: 'max' }))).toEqual({
      kind: 'cancelled',
      reason: 'queue-full',
    });
    expect(waiting).toHaveLength(100);
  });

  it('ignores a second release', async () => {
    const groups = createConcurrencyGroups();
    const first = await groups.acquire(request());
    if (first.kind === 'held') first.release();
    const second = await groups.acquire(request());
    if (first.kind === 'held') first.release();
    let waited = false;
    void groups.acquire(request({ onWait: () => (waited = true) }));
    expect([second.kind, waited]).toEqual(['held', true]);
  });
});
