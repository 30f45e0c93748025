import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookAt } from './harness-hosts.ts';
import { readStepLog } from './harness-log.ts';
import { processesIn } from './harness-processes.ts';
import { readFileCommand, runAction } from './harness-runner.ts';
import { startStage } from './harness-stage.ts';

/** A harness that cannot fail proves nothing: here it is shown what it has to find. */
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-harness-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('the log of a step', () => {
  it('is split into what is shown and what is obeyed', () => {
    const log = readStepLog(
      ['a', '::add-mask::x', '  ::error file=a.js::b', 'c ##[group]d', ' e::f::'].join('\n'),
    );
    expect(log.commands.map(({ name }) => name)).toEqual(['add-mask', 'error', 'group']);
    expect(log.shown.split('\n')).toEqual(['a', 'b', 'd', ' e::f::']);
  });

  it('has no commands while they are stopped', () => {
    const lines = ['::stop-commands::t-1', '::error::a', '::t-2::', '::t-1::', '::error::b'];
    const log = readStepLog(lines.join('\n'));
    expect(log.commands.map(({ message }) => message)).toEqual(['b']);
    expect(log.shown).toContain('::error::a');
  });
});

it('file commands are read in both forms', () => {
  expect(readFileCommand('a=1=2\nb<<END\nx\ny=z\nEND\nc=\n')).toEqual({
    a: '1=2',
    b: 'x\ny=z',
    c: '',
  });
});

describe('processes', () => {
  it('are found by what they name and where they stand', async () => {
    const place = join(directory, 'place');
    await mkdir(place);
    const children = [
      spawn('sleep', ['601'], { cwd: place, env: {} }),
      spawn('sleep', ['602'], { cwd: '/', env: { SOMETHING: join(place, 'file') } }),
      spawn('sleep', ['603'], { cwd: '/', env: {} }),
    ];
    await Promise.all(children.map((child) => once(child, 'spawn')));
    const found = await processesIn(place);
    for (const child of children) child.kill('SIGKILL');
    expect(found.map(({ command }) => command).toSorted()).toEqual(['sleep 601', 'sleep 602']);
  });
});

describe('a host', () => {
  it('that is half done, serves something else or runs something else is seen as it is', async () => {
    const server = createServer((_, response) => response.end('{"release":"2.0.0"}'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const host = join(directory, 'host');
    const app = join(host, 'opt/gatewright/orders');
    const release = join(app, 'releases/1.0.0-0123456789ab');
    await mkdir(join(release, '.gatewright'), { recursive: true });
    await writeFile(join(release, '.gatewright/release'), 'version=1.0.0\n');
    await symlink('releases/1.0.0-0123456789ab', join(app, 'current'));
    const stray = spawn('sleep', ['604'], { cwd: release, env: {} });
    await once(stray, 'spawn');
    const url = `http://127.0.0.1:${port ?? 0}`;
    const sight = await lookAt({ id: 'i-1', name: 'web-1', directory: host, url, app });
    stray.kill('SIGKILL');
    server.close();
    expect(sight).toEqual({
      serves: '2.0.0',
      current: '1.0.0',
      whole: false,
      strays: ['sleep 604'],
    });
  });
});

describe('a stage', () => {
  it('complains of a process that was left behind, and ends it', async () => {
    const stage = await startStage({ hosts: 1 });
    const cwd = stage.hosts[0]?.directory ?? '';
    const stray = spawn('sleep', ['605'], { cwd, detached: true, stdio: 'ignore' });
    await once(stray, 'spawn');
    await expect(stage.stop()).rejects.toThrow('sleep 605');
    expect(await processesIn(stage.directory)).toEqual([]);
  });

  it('lets no step show a secret', async () => {
    const stage = await startStage({ hosts: 1 });
    const job = await stage.job({ env: { SOME_SECRET: 'v 1 of the config' } });
    const run = runAction('package-release', job, { release: 'v 1 of the config' });
    await expect(run).rejects.toThrow('SOME_SECRET');
    await stage.stop();
  });

  it('knows no input that the action does not have', async () => {
    const stage = await startStage({ hosts: 1 });
    const run = runAction('smoke-test', await stage.job(), { enviroment: 'staging' });
    await expect(run).rejects.toThrow('no input enviroment');
    await expect(runAction('deploy-ecs', await stage.job())).rejects.toThrow('npm run build');
    await stage.stop();
  });
});
