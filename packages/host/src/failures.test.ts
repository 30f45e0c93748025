import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { onlyLeft, parametersOf, processesOf } from './test-support/host.ts';
import {
  closeScenario,
  goodReleases,
  onHost,
  onServingHost,
  theShelf,
  under,
} from './test-support/scenario.ts';

afterAll(closeScenario);

describe('failures', () => {
  it.concurrent.each(under('all'))(
    'refuses while another operation holds the lock, under $name',
    (shell) =>
      onServingHost(shell, async (host, _one, two) => {
        const holder = spawn('flock', [join(host.app, 'lock'), 'sh', '-c', 'echo held; exec cat'], {
          stdio: 'pipe',
        });
        await once(holder.stdout, 'data');
        const applied = await host.send({ kind: 'apply', ...two });
        expect(applied.code).toBe(1);
        expect(applied.envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'host-busy',
          current: { version: '1.0.0' },
        });
        expect((await host.send({ kind: 'revert' })).envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'host-busy',
        });
        expect((await host.send({ kind: 'preflight', ...two })).envelope).toMatchObject({
          outcome: 'unfit',
          reason: 'host-busy',
        });
        expect((await host.send({ kind: 'status' })).envelope).toMatchObject({
          outcome: 'unknown',
          reason: 'host-busy',
        });
        holder.stdin.end();
        await once(holder, 'close');
        expect(await host.events()).toEqual([]);
      }),
  );

  it.concurrent.each(under('all'))(
    'refuses an older generation than it has seen, under $name',
    (shell) =>
      onServingHost(shell, async (host, _one, two) => {
        await host.send({ kind: 'apply', ...two, generation: 12 });
        await host.forgetEvents();
        for (const kind of ['apply', 'revert'] as const) {
          const { envelope, code } = await host.send({ kind, ...two, generation: 11 });
          expect(code).toBe(1);
          expect(envelope).toMatchObject({
            outcome: 'not-applied',
            reason: 'lock-lost',
            current: { version: '1.1.0' },
          });
        }
        expect((await host.send({ kind: 'preflight', generation: 11 })).envelope).toMatchObject({
          outcome: 'unfit',
          reason: 'lock-lost',
        });
        expect(await host.events()).toEqual([]);
      }),
  );

  it.concurrent.each(under('all'))(
    'keeps the old release serving when the install hook fails, under $name',
    (shell) =>
      onServingHost(shell, async (host, one) => {
        const { pack } = await theShelf();
        const bad = await pack('1.2.0', { install: 'echo "no \\"disk\\" \\\\ left: é"; exit 137' });
        const { envelope, code } = await host.send({ kind: 'apply', ...bad });
        expect(code).toBe(1);
        expect(envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'hook-failed',
          current: { version: '1.0.0' },
        });
        expect(envelope.detail).toContain('ended with 137: no "disk" \\ left: é');
        expect(await host.releases()).toEqual([one.directory]);
        expect(await host.events()).toEqual([]);
        expect(await host.serving()).toBe('1.0.0');
      }),
  );

  it.concurrent.each(under('one'))('goes back when the start hook fails, under $name', (shell) =>
    onServingHost(shell, async (host) => {
      const { pack } = await theShelf();
      const bad = await pack('1.2.0', { start: 'sleep 300 & echo "bad config"; exit 3' });
      const { envelope, code } = await host.send({ kind: 'apply', ...bad });
      expect(code).toBe(1);
      expect(envelope).toMatchObject({
        outcome: 'restored',
        reason: 'hook-failed',
        current: { version: '1.0.0' },
      });
      expect(envelope.detail).toContain('ended with 3: bad config');
      expect(await host.serving()).toBe('1.0.0');
      expect((await host.send({ kind: 'status', ...bad })).envelope).toMatchObject({
        outcome: 'restored',
        reason: 'hook-failed',
      });
    }),
  );

  it.concurrent.each(under('all'))(
    'goes back when the new release never becomes healthy, under $name',
    (shell) =>
      onServingHost(shell, async (host) => {
        const { pack } = await theShelf();
        const bad = await pack(
          '1.2.0',
          { health: 'echo "503 no database"; exit 1' },
          { health: 1 },
        );
        const { envelope } = await host.send({ kind: 'apply', ...bad });
        expect(envelope).toMatchObject({
          outcome: 'restored',
          reason: 'health-never-answered',
          current: { version: '1.0.0' },
        });
        expect(envelope.detail).toContain('503 no database');
        expect(await host.events()).toEqual([
          'install 1.2.0',
          'stop 1.0.0',
          'start 1.2.0',
          'stop 1.2.0',
          'start 1.0.0',
        ]);
      }),
  );

  it.concurrent.each(under('one'))(
    'goes back to nothing when the first release fails, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { pack } = await theShelf();
        const bad = await pack('1.0.0', { health: 'exit 1', stop: 'exit 9' }, { health: 1 });
        const { envelope } = await host.send({ kind: 'apply', ...bad });
        expect(envelope).toMatchObject({
          outcome: 'restored',
          reason: 'health-never-answered',
          current: null,
          port: null,
        });
        expect(await host.current()).toBeUndefined();
        // The stop hook was no help: what the start hook had started was ended all the same.
        await onlyLeft(host.root, []);
      }),
  );

  it.concurrent.each(under('all'))(
    'kills a hook that hangs, with all its children, under $name',
    (shell) =>
      onServingHost(shell, async (host) => {
        const { pack } = await theShelf();
        const install = `trap '' TERM; (trap '' TERM; sh -c 'sleep 301; true' & sleep 302) & sleep 303`;
        const bad = await pack('1.2.0', { install }, { install: 1 });
        const service = await processesOf(host.root);
        const { envelope } = await host.send({ kind: 'apply', ...bad });
        expect(envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'hook-timed-out',
          current: { version: '1.0.0' },
        });
        await onlyLeft(host.root, service);
      }),
  );

  it.concurrent.each(under('one'))('stops at its own deadline, under $name', (shell) =>
    onServingHost(shell, async (host) => {
      const { pack } = await theShelf();
      const bad = await pack('1.2.0', { install: 'sleep 300' });
      const { envelope } = await host.send({ kind: 'apply', ...bad, timeoutSeconds: 2 });
      expect(envelope).toMatchObject({
        outcome: 'not-applied',
        reason: 'deadline-exceeded',
        current: { version: '1.0.0' },
      });
    }),
  );

  it.concurrent.each(under('all'))('stops a hook that floods its output, under $name', (shell) =>
    onServingHost(shell, async (host) => {
      const { pack } = await theShelf();
      const bad = await pack('1.2.0', { install: 'yes "::error::\u001b[31mboom"' });
      const service = await processesOf(host.root);
      const { envelope, stdout } = await host.send({ kind: 'apply', ...bad });
      expect(envelope).toMatchObject({
        outcome: 'not-applied',
        reason: 'hook-output-flooded',
        current: { version: '1.0.0' },
      });
      expect(stdout.length).toBeLessThan(2500);
      expect(stdout).not.toContain('\u001b');
      await onlyLeft(host.root, service);
    }),
  );

  it.concurrent.each(under('one'))(
    'does not know the state when the way back fails too, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        await rm(join(host.app, 'releases', one.directory, '.gatewright', 'hooks', 'start'));
        await mkdir(join(host.app, 'releases', one.directory, '.gatewright', 'hooks', 'restart'));
        const { pack } = await theShelf();
        const bad = await pack('1.2.0', { start: 'exit 3' });
        const { envelope, code } = await host.send({ kind: 'apply', ...bad });
        expect(code).toBe(1);
        expect(envelope).toMatchObject({ outcome: 'unknown', reason: 'host-state-unknown' });
        expect(envelope.detail).toContain('ended with 3');
        const status = await host.send({ kind: 'status' });
        expect(status.code).toBe(1);
        expect(status.envelope).toMatchObject({ outcome: 'unknown', reason: 'host-state-unknown' });
        expect((await host.send({ kind: 'preflight', ...two })).envelope.outcome).not.toBe('ready');
        // A failed attempt in between settles nothing; a good one does.
        await host.send({ kind: 'apply', ...two, source: one.source });
        expect((await host.send({ kind: 'status' })).envelope.outcome).toBe('unknown');
        expect((await host.send({ kind: 'apply', ...two })).envelope.outcome).toBe('applied');
        expect((await host.send({ kind: 'status' })).envelope.outcome).toBe('applied');
      }),
  );

  it.concurrent.each(under('one'))(
    'gets past a broken stop hook, but not past a service that still answers, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { pack } = await theShelf();
        const broken = await pack('1.0.0', { stop: 'exit 4' });
        const helpless = await pack('1.1.0', { stop: null });
        const mended = await pack('1.2.0');
        await host.send({ kind: 'apply', ...broken });
        const stuck = await host.send({ kind: 'apply', ...helpless });
        expect(stuck.envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'hook-failed',
          current: { version: '1.0.0' },
        });
        expect(await host.serving()).toBe('1.0.0');
        const { envelope } = await host.send({ kind: 'apply', ...mended });
        expect(envelope.outcome).toBe('applied');
        expect(await host.serving()).toBe('1.2.0');
      }),
  );

  it.concurrent.each(under('all'))(
    'refuses parameters that no pattern has checked, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { one } = await goodReleases();
        const good = parametersOf({ kind: 'apply', ...one });
        for (const [name, value] of [
          ['Operation', 'destroy'],
          ['App', '../etc'],
          ['Version', '1/../..'],
          ['Digest', 'abc'],
          ['RunId', '..'],
          ['StepId', 'a/b'],
          ['Source', 'file:///etc/passwd'],
          ['Generation', '-1'],
          ['TimeoutSeconds', ''],
        ] as const) {
          const { envelope, code } = await host.sendRaw({ ...good, [name]: [value] });
          expect({ name, code, reason: envelope?.reason }).toEqual({
            name,
            code: 1,
            reason: 'input-invalid',
          });
          expect(envelope?.detail).toContain(name);
        }
        expect((await readdir(host.root)).filter((name) => !name.startsWith('_script'))).toEqual([
          'bin',
        ]);
      }),
  );
});
