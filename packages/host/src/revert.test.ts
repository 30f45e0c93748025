import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { onlyLeft } from './test-support/host.ts';
import { alive } from './test-support/release.ts';
import { closeScenario, onHost, onServingHost, theShelf, under } from './test-support/scenario.ts';

afterAll(closeScenario);

describe('revert', () => {
  it.concurrent.each(under('all'))(
    'returns to a release on the disk without fetching it, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        await host.send({ kind: 'apply', ...two });
        await host.forgetEvents();
        const { envelope, code } = await host.send({ kind: 'revert', ...one, source: '' });
        expect(code).toBe(0);
        expect(envelope).toMatchObject({
          operation: 'revert',
          outcome: 'restored',
          reason: 'rolled-back',
          current: { version: '1.0.0' },
          previous: null,
        });
        expect(await host.events()).toEqual(['stop 1.1.0', 'start 1.0.0']);
        expect(await host.serving()).toBe('1.0.0');
        const status = await host.send({ kind: 'status', ...one });
        expect(status.code).toBe(0);
        expect(status.envelope).toMatchObject({ outcome: 'restored', reason: 'rolled-back' });
      }),
  );

  it.concurrent.each(under('one'))(
    'fetches a release that is not on the disk any more, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        await host.send({ kind: 'apply', ...two });
        await rm(join(host.app, 'releases', one.directory), { recursive: true });
        const lost = await host.send({ kind: 'revert', ...one, source: '' });
        expect(lost.envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'artifact-missing',
          current: { version: '1.1.0' },
        });
        const { envelope } = await host.send({ kind: 'revert', ...one });
        expect(envelope).toMatchObject({ outcome: 'restored', current: { version: '1.0.0' } });
        expect(await host.serving()).toBe('1.0.0');
      }),
  );

  it.concurrent.each(under('one'))(
    'repairs a release on the disk of which files are missing, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        await host.send({ kind: 'apply', ...two });
        await rm(join(host.app, 'releases', one.directory, 'server.txt'));
        const { envelope } = await host.send({ kind: 'revert', ...one });
        expect(envelope).toMatchObject({ outcome: 'restored', current: { version: '1.0.0' } });
        expect((await host.send({ kind: 'preflight', ...two })).envelope.outcome).toBe('ready');
      }),
  );

  it.concurrent.each(under('all'))('returns to nothing, under $name', (shell) =>
    onServingHost(shell, async (host) => {
      const { envelope, code } = await host.send({ kind: 'revert' });
      expect(code).toBe(0);
      expect(envelope).toMatchObject({
        outcome: 'restored',
        reason: 'rolled-back',
        current: null,
        previous: null,
      });
      expect(await host.current()).toBeUndefined();
      await onlyLeft(host.root, []);
      const again = await host.send({ kind: 'revert' });
      expect(again.envelope).toMatchObject({ outcome: 'restored', current: null });
      expect((await host.send({ kind: 'status' })).envelope).toMatchObject({
        outcome: 'restored',
        current: null,
      });
    }),
  );

  it.concurrent.each(under('one'))(
    'says so when the release to return to does not come up, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { pack } = await theShelf();
        const flaky = await pack(
          '1.0.0',
          {
            health: `[ ! -e "$GATEWRIGHT_SHARED_DIR/broken" ] && ${alive}`,
          },
          { health: 1 },
        );
        const next = await pack('1.1.0', { install: ': >"$GATEWRIGHT_SHARED_DIR/broken"' });
        await host.send({ kind: 'apply', ...flaky });
        await host.send({ kind: 'apply', ...next });
        const { envelope, code } = await host.send({ kind: 'revert', ...flaky });
        expect(code).toBe(1);
        expect(envelope).toMatchObject({
          outcome: 'unknown',
          reason: 'rollback-failed',
          current: { version: '1.0.0' },
        });
        expect((await host.send({ kind: 'status' })).envelope.outcome).toBe('unknown');
        const forward = await host.send({ kind: 'revert', ...next });
        expect(forward.envelope).toMatchObject({
          outcome: 'restored',
          current: { version: '1.1.0' },
        });
      }),
  );
});
