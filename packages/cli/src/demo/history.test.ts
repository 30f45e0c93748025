import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildHistory } from './history.ts';

const consumer = join(import.meta.dirname, '../../../../test/consumer');
let out: string;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'gatewright-history-'));
});
afterEach(() => rm(out, { recursive: true, force: true }));

describe('buildHistory', () => {
  it('lays the releases over each other, oldest first', async () => {
    const commits = await buildHistory(consumer, out);
    expect(commits.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0']);
    expect(commits.map(({ parent }) => parent)).toEqual([
      undefined,
      commits[0]?.sha,
      commits[1]?.sha,
      commits[2]?.sha,
    ]);
    for (const { sha } of commits) expect(sha).toMatch(/^[0-9a-f]{40}$/);
    const orders = await Promise.all(
      commits.map(({ directory }) => readFile(join(directory, 'src/orders.mjs'), 'utf8')),
    );
    expect(orders.map((text) => [text.includes('total:'), text.includes('placedOn:')])).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [true, true],
    ]);
  });

  it('gives a tree that is the whole repository and nothing else', async () => {
    const [first] = await buildHistory(consumer, out);
    const directory = first?.directory ?? '';
    const start = await stat(join(directory, 'bin/start'));
    expect(start.mode & 0o111).toBe(0o111);
    await expect(stat(join(directory, '.github/workflows/deploy.yml'))).resolves.toBeDefined();
    await expect(stat(join(directory, 'releases'))).rejects.toThrow('ENOENT');
  });

  it('names the commits as git does, and the same each time', async () => {
    const [first, second] = await buildHistory(consumer, out);
    const again = await buildHistory(consumer, join(out, 'again'));
    expect(again[1]?.sha).toBe(second?.sha);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'core.autocrlf=false', '-c', 'commit.gpgsign=false', ...args], {
        cwd: first?.directory,
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          HOME: out,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: first?.author.name,
          GIT_AUTHOR_EMAIL: first?.author.email,
          GIT_AUTHOR_DATE: first?.date,
          GIT_COMMITTER_NAME: first?.author.name,
          GIT_COMMITTER_EMAIL: first?.author.email,
          GIT_COMMITTER_DATE: first?.date,
        },
      });
    git('init', '--quiet');
    git('add', '--all', '--force');
    git('commit', '--quiet', '--message', first?.message ?? '');
    expect(git('rev-parse', 'HEAD').trim()).toBe(first?.sha);
  });
});
