import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import {
  closeScenario,
  goodReleases,
  onHost,
  onServingHost,
  under,
} from './test-support/scenario.ts';
import { pathWithoutAws } from './test-support/shells.ts';

afterAll(closeScenario);

describe('preflight and status', () => {
  it.concurrent.each(under('all'))(
    'find an empty host ready and leave it empty, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { one } = await goodReleases();
        const { envelope, code } = await host.send({ kind: 'preflight', ...one });
        expect(code).toBe(0);
        expect(envelope).toMatchObject({
          outcome: 'ready',
          reason: 'host-ready',
          current: null,
          present: [],
          port: null,
        });
        expect((await host.send({ kind: 'status' })).envelope).toMatchObject({
          outcome: 'ready',
          current: null,
        });
        expect((await host.send({ kind: 'status', ...one })).envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'evidence-incomplete',
        });
        expect((await readdir(host.root)).filter((name) => !name.startsWith('_script'))).toEqual([
          'bin',
        ]);
      }),
  );

  it.concurrent.each(under('all'))(
    'name what serves, what served before and what is on the disk, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        await host.send({ kind: 'apply', ...two });
        const expected = {
          current: { version: '1.1.0', digest: two.digest },
          previous: { version: '1.0.0', digest: one.digest },
          port: 8080,
        };
        const preflight = await host.send({ kind: 'preflight', ...two });
        expect(preflight.envelope).toMatchObject({ outcome: 'ready', ...expected });
        expect(preflight.envelope.present).toHaveLength(2);
        expect((await host.send({ kind: 'status', ...two })).envelope).toMatchObject({
          outcome: 'applied',
          ...expected,
        });
        expect((await host.send({ kind: 'status', ...one })).envelope.outcome).toBe('not-applied');
      }),
  );

  it.concurrent.each(under('one'))(
    'find a host unfit without tools, space or a place to write, under $name',
    (shell) =>
      onHost(shell, async (host) => {
        const { one } = await goodReleases();
        const huge = await host.send({ kind: 'preflight', ...one, bytes: 900_000_000_000 });
        expect(huge.code).toBe(1);
        expect(huge.envelope).toMatchObject({ outcome: 'unfit', reason: 'host-unfit' });
        expect(huge.envelope.detail).toContain('KiB are needed');
        await host.shadow(
          'df',
          `case "$1" in -Pi) echo H; echo "fs 1000 990 10 99% /" ;; *) echo H; echo "fs 9000000 1 8999999 1% /" ;; esac`,
        );
        const full = await host.send({ kind: 'preflight', ...one });
        expect(full.envelope).toMatchObject({ outcome: 'unfit', reason: 'host-unfit' });
        expect(full.envelope.detail).toContain('only 10 inodes');
      }),
  );

  it.concurrent.each(under('one'))(
    'find a host without the aws command unfit for an S3 source, under $name',
    (shell) =>
      onHost({ ...shell, path: pathWithoutAws(shell.path) }, async (host) => {
        const { one } = await goodReleases();
        const release = { ...one, source: 's3://artifacts/sample/release.tar.gz' };
        expect((await host.send({ kind: 'preflight', ...release })).envelope).toMatchObject({
          outcome: 'unfit',
          reason: 'host-unfit',
          detail: 'aws is not installed',
        });
        expect((await host.send({ kind: 'apply', ...release })).envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'host-unfit',
        });
      }),
  );

  it.concurrent.each(under('one'))('see that the way back is damaged, under $name', (shell) =>
    onServingHost(shell, async (host, one, two) => {
      const directory = join(host.app, 'releases', one.directory);
      await rm(join(directory, 'server.txt'));
      const damaged = await host.send({ kind: 'preflight', ...two });
      expect(damaged.code).toBe(1);
      expect(damaged.envelope).toMatchObject({ outcome: 'unfit', reason: 'no-way-back' });
      await rm(directory, { recursive: true });
      expect((await host.send({ kind: 'preflight', ...two })).envelope).toMatchObject({
        outcome: 'unfit',
        reason: 'no-way-back',
        current: null,
      });
      expect((await host.send({ kind: 'status' })).envelope).toMatchObject({
        outcome: 'unknown',
        reason: 'host-state-unknown',
      });
    }),
  );

  it.concurrent.each(under('one'))(
    'keep the envelope within what SSM shows, under $name',
    (shell) =>
      onServingHost(shell, async (host, one) => {
        // Twelve complete releases with long names.
        for (let index = 10; index < 22; index += 1) {
          const directory = join(
            host.app,
            'releases',
            `1.0.0-${'x'.repeat(50)}.${index}-${one.digest.slice(0, 12)}`,
          );
          await mkdir(directory);
          await symlink(join('..', one.directory, '.gatewright'), join(directory, '.gatewright'));
        }
        const { envelope, stdout } = await host.send({ kind: 'status' });
        expect(stdout.split('\n')[0]?.length).toBeLessThanOrEqual(1222);
        expect(stdout.length).toBeLessThan(2500);
        expect(envelope.presentCut).toBe(true);
        expect(envelope.present.length).toBeGreaterThan(2);
      }),
  );
});
