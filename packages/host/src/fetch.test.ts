import { readdir } from 'node:fs/promises';

import { afterAll, describe, expect, it } from '@jest/globals';

import { closeScenario, onServingHost, theShelf, under } from './test-support/scenario.ts';

afterAll(closeScenario);

describe('fetching', () => {
  it.concurrent.each(under('all'))(
    'changes nothing when the digest differs, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        const { envelope, code } = await host.send({ kind: 'apply', ...two, source: one.source });
        expect(code).toBe(1);
        expect(envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'digest-mismatch',
          current: { version: '1.0.0' },
          port: 8080,
        });
        expect(await host.releases()).toEqual([one.directory]);
        expect(await host.events()).toEqual([]);
        expect((await readdir(host.app)).filter((name) => name.startsWith('.'))).toEqual([]);
      }),
  );

  it.concurrent.each(under('one'))(
    'tells a missing artifact from a refused one, under $name',
    (shell) =>
      onServingHost(shell, async (host, one, two) => {
        const { url } = await theShelf();
        const gone = await host.send({
          kind: 'apply',
          ...two,
          source: `${url}/none.tar.gz?X-Amz-Signature=secret`,
        });
        expect(gone.envelope).toMatchObject({ outcome: 'not-applied', reason: 'artifact-missing' });
        expect(gone.stdout).not.toContain('secret');
        const nowhere = await host.send({ kind: 'apply', ...two, source: '' });
        expect(nowhere.envelope).toMatchObject({
          outcome: 'not-applied',
          reason: 'artifact-missing',
        });
        const dead = await host.send({ kind: 'apply', ...two, source: 'http://127.0.0.1:1/x' });
        expect(dead.envelope).toMatchObject({ outcome: 'not-applied', reason: 'service-error' });
        expect(await host.releases()).toEqual([one.directory]);
        expect(await host.serving()).toBe('1.0.0');
      }),
  );

  it.concurrent.each(under('one'))('fetches from S3 with the aws command, under $name', (shell) =>
    onServingHost(shell, async (host, _one, two) => {
      const source = 's3://artifacts/sample/release.tar.gz';
      await host.shadow(
        'aws',
        'echo "fatal error: An error occurred (404) when calling the HeadObject operation: Not Found" >&2; exit 1',
      );
      const gone = await host.send({ kind: 'apply', ...two, source });
      expect(gone.envelope).toMatchObject({ outcome: 'not-applied', reason: 'artifact-missing' });
      await host.shadow(
        'aws',
        'echo "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden" >&2; exit 1',
      );
      const denied = await host.send({ kind: 'apply', ...two, source });
      expect(denied.envelope).toMatchObject({ outcome: 'not-applied', reason: 'access-denied' });
      await host.shadow(
        'aws',
        `[ "$1 $2 $3 $4" = "s3 cp --no-progress ${source}" ] && cp ${two.archive} "$5"`,
      );
      const { envelope } = await host.send({ kind: 'apply', ...two, source });
      expect(envelope.outcome).toBe('applied');
    }),
  );

  it.concurrent.each(under('one'))(
    'refuses an archive that is no release of this app, under $name',
    (shell) =>
      onServingHost(shell, async (host, one) => {
        const { pack } = await theShelf();
        const cases = [
          { ...(await pack('2.0.0')), version: '2.0.1' },
          await pack('2.0.2', { health: null }),
          await pack('2.0.3', { start: null }),
        ];
        for (const release of cases) {
          const { envelope } = await host.send({ kind: 'apply', ...release });
          expect(envelope).toMatchObject({ outcome: 'not-applied', reason: 'release-malformed' });
        }
        expect(await host.releases()).toEqual([one.directory]);
        expect(await host.serving()).toBe('1.0.0');
      }),
  );
});
