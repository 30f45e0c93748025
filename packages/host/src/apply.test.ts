import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { onlyLeft, until } from './test-support/host.ts';
import {
  closeScenario,
  goodReleases,
  onHost,
  onServingHost,
  shells,
  theShelf,
  under,
} from './test-support/scenario.ts';

afterAll(closeScenario);

it('runs under every shell of this machine', () => {
  process.stdout.write(`host program under: ${shells.map((shell) => shell.name).join(', ')}\n`);
  expect(shells.length).toBeGreaterThan(0);
});

describe('apply', () => {
  it.concurrent.each(under('all'))('puts a first release in place, under $name', (shell) =>
    onHost(shell, async (host) => {
      const { one } = await goodReleases();
      const { envelope, code, stdout } = await host.send({
        kind: 'apply',
        ...one,
        generation: 7,
        stepId: 'wave-1',
      });
      expect(code).toBe(0);
      expect(envelope).toMatchObject({
        operation: 'apply',
        outcome: 'applied',
        reason: 'release-applied',
        app: 'sample',
        run: 'run-1',
        step: 'wave-1',
        generation: 7,
        replayed: false,
        current: { version: '1.0.0', digest: one.digest },
        previous: null,
        present: [{ version: '1.0.0', digest: one.digest }],
        presentCut: false,
        port: 8080,
      });
      expect(stdout).toMatch(/^gatewright-envelope: \{.*\}\n\n\d\d:\d\d:\d\d fetched /);
      expect(stdout.length).toBeLessThan(2500);
      expect(await host.current()).toBe(`releases/${one.directory}`);
      expect(await host.events()).toEqual(['install 1.0.0', 'start 1.0.0']);
      expect(await host.serving()).toBe('1.0.0');
    }),
  );

  it.concurrent.each(under('all'))(
    'switches to the next release and keeps the one before, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        const { envelope } = await host.send({ kind: 'apply', ...two });
        expect(envelope).toMatchObject({
          outcome: 'applied',
          current: { version: '1.1.0' },
          previous: { version: '1.0.0', digest: one.digest },
        });
        expect(envelope.present.map(({ version }) => version).toSorted()).toEqual([
          '1.0.0',
          '1.1.0',
        ]);
        expect(await host.events()).toEqual(['install 1.1.0', 'stop 1.0.0', 'start 1.1.0']);
        expect(await host.serving()).toBe('1.1.0');
        expect((await readdir(host.app)).toSorted()).toEqual([
          'current',
          'generation',
          'journal',
          'lock',
          'logs',
          'releases',
          'shared',
          'steps',
        ]);
      }),
  );

  it.concurrent.each(under('one'))(
    'writes the journal before and after each step, under $name',
    (shell) =>
      onServingHost(shell, async (host, _one, two) => {
        await host.send({ kind: 'apply', ...two, runId: 'r2', stepId: 's' });
        const lines = (await host.journal())
          .split('\n')
          .filter((line) => line.includes(' r2 s 1 apply '));
        expect(
          lines.map((line) => line.split(' ').slice(5, 7).join(' ').replace(/=.*/, '')),
        ).toEqual([
          'begin target',
          'do fetch',
          'did fetch',
          'do unpack',
          'did unpack',
          'do install',
          'did install',
          'do stop',
          'did stop',
          'do switch',
          'did switch',
          'do start',
          'did start',
          'do health',
          'did health',
          'end outcome',
        ]);
      }),
  );

  it.concurrent.each(under('all'))(
    'does a step that arrives twice only once, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        const first = await host.send({ kind: 'apply', ...two, stepId: 'wave-1' });
        await host.send({ kind: 'revert', ...one });
        await host.forgetEvents();
        const second = await host.send({ kind: 'apply', ...two, stepId: 'wave-1' });
        expect(second.envelope).toEqual({ ...first.envelope, replayed: true });
        expect(second.code).toBe(0);
        expect(second.stdout).toContain('this step was done before');
        expect(await host.events()).toEqual([]);
        expect(await host.serving()).toBe('1.0.0');
        const other = await host.send({ kind: 'revert', ...one, stepId: 'wave-1' });
        expect(other.envelope).toMatchObject({ outcome: 'not-applied', reason: 'internal-error' });
      }),
  );

  it.concurrent.each(under('one'))(
    'leaves a release alone that serves already, under $name',
    (shell) =>
      onServingHost(shell, async (host, one) => {
        const { envelope, code } = await host.send({ kind: 'apply', ...one, source: '' });
        expect(code).toBe(0);
        expect(envelope).toMatchObject({ outcome: 'applied', current: { version: '1.0.0' } });
        expect(await host.events()).toEqual([]);
      }),
  );

  it.concurrent.each(under('one'))(
    'starts the current release again when it does not answer, under $name',
    (shell) =>
      onServingHost(shell, async (host, one) => {
        process.kill(Number(await readFile(join(host.app, 'shared', 'pid'), 'utf8')));
        const { envelope } = await host.send({ kind: 'apply', ...one });
        expect(envelope.outcome).toBe('applied');
        expect(await host.serving()).toBe('1.0.0');
      }),
  );

  it.concurrent.each(under('one'))('uses restart instead of stop and start, under $name', (shell) =>
    onHost(shell, async (host) => {
      const { pack } = await theShelf();
      const restart = `echo "restart $GATEWRIGHT_VERSION" >>"$GATEWRIGHT_SHARED_DIR/events"
kill "$(cat "$GATEWRIGHT_SHARED_DIR/pid")"
sleep 300 &
echo "$!" >"$GATEWRIGHT_SHARED_DIR/pid"
echo "$GATEWRIGHT_VERSION" >"$GATEWRIGHT_SHARED_DIR/serving"`;
      const three = await pack('3.0.0', { restart, start: null, stop: null });
      const four = await pack('3.1.0', { restart });
      await host.send({ kind: 'apply', ...three });
      const { envelope } = await host.send({ kind: 'apply', ...four });
      expect(envelope.outcome).toBe('applied');
      expect(await host.events()).toEqual([
        'install 3.0.0',
        'restart 3.0.0',
        'install 3.1.0',
        'restart 3.1.0',
      ]);
    }),
  );

  it.concurrent.each(under('all'))(
    'gives hooks a clean environment, their directory and no input, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { pack } = await theShelf();
        const install = `env | sort >"$GATEWRIGHT_SHARED_DIR/env"; pwd -P >"$GATEWRIGHT_SHARED_DIR/pwd"
umask >"$GATEWRIGHT_SHARED_DIR/umask"; cat >"$GATEWRIGHT_SHARED_DIR/input"; ls -l /proc/self/fd >"$GATEWRIGHT_SHARED_DIR/fds"`;
        const release = await pack('1.0.0', { install });
        await host.shadow('unused', 'exit 0');
        await host.send({ kind: 'apply', ...release });
        const shared = join(host.app, 'shared');
        const read = (name: string) => readFile(join(shared, name), 'utf8');
        const variables = (await read('env')).trim().split('\n');
        const names = variables
          .map((line) => line.replace(/=.*/, ''))
          .filter((name) => !/^(_|PWD|OLDPWD|SHLVL)$/.test(name));
        expect(names).toEqual([
          'GATEWRIGHT_APP',
          'GATEWRIGHT_PORT',
          'GATEWRIGHT_RELEASE_DIR',
          'GATEWRIGHT_SHARED_DIR',
          'GATEWRIGHT_VERSION',
          'HOME',
          'PATH',
        ]);
        expect(variables).toContain('GATEWRIGHT_PORT=8080');
        expect((await read('pwd')).trim()).toBe(join(host.app, 'releases', release.directory));
        expect((await read('umask')).trim()).toMatch(/^0*22$/);
        expect(await read('input')).toBe('');
        // Neither the lock nor the agent's stdout may be held by a service.
        expect(await read('fds')).not.toMatch(/lock|life/);
      }),
  );

  it.concurrent.each(under('one'))('lets the host override the port, under $name', (shell) =>
    onServingHost(shell, async (host, _one, two) => {
      await writeFile(join(host.root, 'host.conf'), 'port.other=1\nport.sample=40123\n');
      const { envelope } = await host.send({ kind: 'apply', ...two });
      expect(envelope.port).toBe(40_123);
    }),
  );

  it.concurrent.each(under('one'))(
    'keeps the newest releases, and always current and previous, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        const { pack } = await theShelf();
        const three = await pack('1.2.0');
        const four = await pack('1.3.0');
        await host.send({ kind: 'apply', ...two, keep: 1 });
        expect((await host.releases()).toSorted()).toEqual([one.directory, two.directory]);
        await host.send({ kind: 'apply', ...three, keep: 3 });
        await host.send({ kind: 'revert', ...one, keep: 3 });
        const { envelope } = await host.send({ kind: 'apply', ...four, keep: 1 });
        expect(envelope).toMatchObject({
          current: { version: '1.3.0' },
          previous: { version: '1.0.0' },
        });
        expect((await host.releases()).toSorted()).toEqual([one.directory, four.directory]);
      }),
  );

  it.concurrent.each(under('all'))(
    'is not held up by a background process, and lets it write on, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { pack } = await theShelf();
        // Writes past the limit after the hook has ended: it must neither be killed nor fill the disk.
        const start = `( while [ ! -e "$GATEWRIGHT_SHARED_DIR/go" ]; do sleep 0.05; done
head -c 400000 /dev/zero; : >"$GATEWRIGHT_SHARED_DIR/wrote"; exec sleep 300 ) &
echo "$!" >"$GATEWRIGHT_SHARED_DIR/pid"; echo "$GATEWRIGHT_VERSION" >"$GATEWRIGHT_SHARED_DIR/serving"`;
        const release = await pack('1.0.0', { start });
        const { envelope } = await host.send({ kind: 'apply', ...release, stepId: 'flood' });
        expect(envelope.outcome).toBe('applied');
        const shared = join(host.app, 'shared');
        await writeFile(join(shared, 'go'), '');
        await until(async () => (await readdir(shared)).includes('wrote'));
        expect(await host.serving()).toBe('1.0.0');
        const logs = join(host.app, 'logs', 'run-1.flood');
        const log = (await readdir(logs)).find((name) => name.endsWith('-start.log')) ?? '';
        expect((await stat(join(logs, log))).size).toBe(262_144);
        await host.send({ kind: 'revert' });
        await onlyLeft(host.root, []);
      }),
  );
});
