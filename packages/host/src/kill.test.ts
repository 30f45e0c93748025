import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it } from '@jest/globals';

import { onlyLeft } from './test-support/host.ts';
import type { TestHost } from './test-support/host.ts';
import type { TestRelease } from './test-support/release.ts';
import { closeScenario, onServingHost, shells, theShelf, under } from './test-support/scenario.ts';
import type { Shell } from './test-support/shells.ts';

afterAll(closeScenario);

/**
 * SSM cancels by killing the process group. Every journal line is synced, so a `sync` of the test's own kills the
 * program's group right after its nth line.
 */
function killAtLine(host: TestHost, line: number): Promise<void> {
  const count = join(host.root, 'lines');
  return host.shadow(
    'sync',
    `case "$*" in */journal) ;; *) exit 0 ;; esac
echo line >>"${count}"
[ "$(grep -c . "${count}")" != ${line} ] || kill -KILL 0`,
  );
}

// By a process: a blocked read in here would hold one of the few threads that Node reads files with.
const readPipe = (file: string) => promisify(execFile)('cat', [file]);

/** The symlink points at a complete release, no hook is left, and the answer of `status` is not a lie. */
async function expectConsistent(host: TestHost): Promise<string> {
  await host.settled();
  await host.unshadow();
  const { envelope } = await host.send({ kind: 'status' });
  const link = await host.current();
  if (link !== undefined) await readFile(join(host.app, link, '.gatewright', 'installed'));
  expect(link === undefined).toBe(envelope.current === null);
  expect(link ?? '').toContain(envelope.current?.version ?? '');
  const served = await host.serving();
  // Unknown claims nothing of the service; anything else must be so.
  expect(envelope.outcome === 'unknown' || served === envelope.current?.version).toBe(true);
  return envelope.outcome;
}

async function expectServed(host: TestHost, release: TestRelease): Promise<void> {
  expect(await host.serving()).toBe(release.version);
  expect(await host.current()).toBe(`releases/${release.directory}`);
  expect((await host.releases()).filter((name) => name.startsWith('.'))).toEqual([]);
  const { envelope } = await host.send({ kind: 'preflight', ...release });
  expect(envelope.outcome).toBe('ready');
}

/** Spreads the points over the shells, so that each shell is killed at many and every point is met. */
function points(...lines: number[]): { line: number; shell: Shell; name: string }[] {
  return lines.flatMap((line, index) =>
    shells
      .filter((_, place) => place === index % shells.length)
      .map((shell) => ({ line, shell, name: shell.name })),
  );
}

describe('SIGKILL of the process group', () => {
  it.concurrent.each(points(1, 2, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16))(
    'in apply after journal line $line ($name)',
    ({ line, shell }) =>
      onServingHost(shell, async (host, one, two) => {
        await killAtLine(host, line);
        const killed = await (await host.begin({ kind: 'apply', ...two, stepId: 'wave-1' })).ended;
        expect(killed).toMatchObject({ signal: 'SIGKILL', envelope: undefined });
        const outcome = await expectConsistent(host);
        // Lines: begin, fetch 2-3, unpack 4-5, install 6-7, stop 8-9, switch 10-11, start 12-13, health 14-15, end.
        expect(outcome).toBe(line < 8 ? 'not-applied' : line < 16 ? 'unknown' : 'applied');
        const switched = line >= 11;
        expect(await host.current()).toBe(`releases/${(switched ? two : one).directory}`);
        // Both ways on are open: the same step again, and the way back.
        const forward = line % 4 < 2;
        const next = await host.send(
          forward
            ? { kind: 'apply', ...two, stepId: 'wave-1' }
            : { kind: 'revert', ...one, source: '' },
        );
        expect(next.envelope.outcome).toBe(forward ? 'applied' : 'restored');
        await expectServed(host, forward ? two : one);
      }),
  );

  it.concurrent.each(points(1, 2, 4, 6))(
    'on the way back $line lines after the switch ($name)',
    ({ line, shell }) =>
      onServingHost(shell, async (host, one) => {
        const { pack } = await theShelf();
        const bad = await pack('1.2.0', { start: 'exit 1' });
        await killAtLine(host, 13 + line);
        const killed = await (await host.begin({ kind: 'apply', ...bad })).ended;
        expect(killed.signal).toBe('SIGKILL');
        expect(await expectConsistent(host)).toBe('unknown');
        const back = await host.send({ kind: 'revert', ...one, source: '' });
        expect(back.envelope).toMatchObject({ outcome: 'restored', current: { version: '1.0.0' } });
        await expectServed(host, one);
      }),
  );

  it.concurrent.each(points(1, 2, 4, 5, 6, 8))(
    'in revert after journal line $line ($name)',
    ({ line, shell }) =>
      onServingHost(shell, async (host, one, two) => {
        await host.send({ kind: 'apply', ...two });
        await killAtLine(host, line);
        const killed = await (
          await host.begin({ kind: 'revert', ...one, stepId: 'revert-1' })
        ).ended;
        expect(killed.signal).toBe('SIGKILL');
        const outcome = await expectConsistent(host);
        expect(outcome).toBe(line < 2 ? 'not-applied' : 'unknown');
        const again = await host.send({ kind: 'revert', ...one, stepId: 'revert-1' });
        expect(again.envelope).toMatchObject({
          outcome: 'restored',
          current: { version: '1.0.0' },
        });
        await expectServed(host, one);
      }),
  );
});

describe('SIGKILL', () => {
  it.concurrent.each(under('all'))(
    'ends a hook that is at work, and frees the lock, under $name',
    (shell) =>
      onServingHost(shell, async (host, one) => {
        const { pack } = await theShelf();
        const bad = await pack('1.2.0', {
          start: `(trap '' TERM; sleep 301) & echo "$!" >"$GATEWRIGHT_SHARED_DIR/in"; sleep 302`,
        });
        execFileSync('mkfifo', [join(host.app, 'shared', 'in')]);
        const running = await host.begin({ kind: 'apply', ...bad });
        // The hook waits in its pipe until we have read: then it is surely at work.
        await readPipe(join(host.app, 'shared', 'in'));
        running.kill();
        expect((await running.ended).signal).toBe('SIGKILL');
        expect(await expectConsistent(host)).toBe('unknown');
        await onlyLeft(host.root, []);
        expect((await host.send({ kind: 'revert', ...one })).envelope.outcome).toBe('restored');
        await expectServed(host, one);
      }),
  );

  it.concurrent.each(under('all'))('SIGTERM ends it with an answer, under $name', (shell) =>
    onServingHost(shell, async (host, one) => {
      const { pack } = await theShelf();
      const pipe = join(host.app, 'shared', 'in');
      execFileSync('mkfifo', [pipe]);
      const wait = 'echo at work >"$GATEWRIGHT_SHARED_DIR/in"; sleep 302';
      const early = await host.begin({
        kind: 'apply',
        ...(await pack('1.2.0', { install: wait })),
      });
      await readPipe(pipe);
      early.kill('SIGTERM');
      expect(await early.ended).toMatchObject({
        code: 1,
        envelope: { outcome: 'not-applied', reason: 'cancelled', current: { version: '1.0.0' } },
      });
      expect(await expectConsistent(host)).toBe('not-applied');
      const late = await host.begin({ kind: 'apply', ...(await pack('1.3.0', { start: wait })) });
      await readPipe(pipe);
      late.kill('SIGTERM');
      expect(await late.ended).toMatchObject({
        code: 1,
        envelope: { outcome: 'unknown', reason: 'host-state-unknown' },
      });
      expect(await expectConsistent(host)).toBe('unknown');
      await host.send({ kind: 'revert', ...one });
      await expectServed(host, one);
    }),
  );

  const moments: [moment: string, tool: string, script: string][] = [
    [
      'half-way through unpacking',
      'tar',
      'mkdir -p .gatewright; echo half >server.txt; kill -KILL 0',
    ],
    [
      'right before the rename of current',
      'mv',
      'case "$*" in *current-next*) kill -KILL 0 ;; esac',
    ],
    [
      'right after the rename of current',
      'mv',
      'case "$*" in *current-next*) "$REAL" "$@"; kill -KILL 0 ;; esac',
    ],
    [
      'before an unpacked release gets its name',
      'mv',
      'case "$*" in *incoming*) kill -KILL 0 ;; esac',
    ],
    [
      'while a release is removed',
      'rm',
      'case "$*" in *removing-1.0.0*) [ ! -d "$2" ] || { "$REAL" -rf "$2/.gatewright/installed"; kill -KILL 0; } ;; esac',
    ],
  ];
  it.concurrent.each(
    moments.flatMap(([moment, tool, script]) =>
      under('one').map((shell) => ({ moment, tool, script, shell, name: shell.name })),
    ),
  )('$moment, under $name', ({ tool, script, shell }) =>
    onServingHost(shell, async (host, one, two) => {
      const { pack } = await theShelf();
      const three = await pack('1.2.0');
      await host.send({ kind: 'apply', ...two });
      const real = `REAL=$(PATH=\${PATH#*:}; command -v ${tool})`;
      await host.shadow(tool, `${real}\n${script}\nexec "$REAL" "$@"`);
      // In unpacking it is the guard's group that is killed: the program itself lives on and tells.
      await (
        await host.begin({ kind: 'apply', ...three, keep: 1 })
      ).ended;
      await expectConsistent(host);
      expect((await host.send({ kind: 'revert', ...one })).envelope.outcome).toBe('restored');
      await expectServed(host, one);
    }),
  );
});
