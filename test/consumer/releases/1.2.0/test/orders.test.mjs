import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { listOrders } from '../src/orders.mjs';
import { readRelease } from '../src/release.mjs';
import { createService } from '../src/service.mjs';

let service;
let base;

beforeEach(async () => {
  service = createService({ release: '1.0.0', log: () => {} });
  service.start({ host: '127.0.0.1', port: 0 });
  await once(service.server, 'listening');
  base = `http://127.0.0.1:${service.server.address().port}`;
});

afterEach(() => service.stop({ drain: 0, grace: 0 }));

test('says which release it is', async () => {
  const response = await fetch(`${base}/healthz`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: 'ok', release: '1.0.0' });
});

test('shows on which day an order was placed', () => {
  const order = { id: 9, item: 'gate', quantity: 2, unitPrice: 90, placed: '2025-10-13T08:00:00Z' };
  assert.deepEqual(listOrders([order]), [
    { id: 9, item: 'gate', quantity: 2, total: 180, placedOn: '2025-10-13' },
  ]);
});

test('knows no other route', async () => {
  assert.equal((await fetch(`${base}/nowhere`)).status, 404);
});

test('reads its release from the packed file', () => {
  assert.equal(
    readRelease(() => 'app=orders\nversion=1.4.2\ncommit=abc\n'),
    '1.4.2',
  );
  const missing = Object.assign(new Error('none'), { code: 'ENOENT' });
  assert.equal(
    readRelease(() => {
      throw missing;
    }),
    'development',
  );
});
