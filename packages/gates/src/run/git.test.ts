import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '@gatewright/process';
import { gitFacts } from './git.ts';
import type { GitFacts } from './git.ts';
import { makeTree } from './test-support.ts';
import type { Tree } from './test-support.ts';
import { toolRunner } from './tool.ts';

const factsIn = (directory: string): GitFacts =>
  gitFacts(
    toolRunner({
      runCommand,
      env: process.env,
      signal: new AbortController().signal,
      show: () => undefined,
    }),
    directory,
  );

describe('what git knows', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = makeTree({ 'a.txt': 'one\ntwo\n', 'dir/Grüße.txt': 'x\n' });
    tree.git('init', '-q', '-b', 'main');
    tree.git('add', '.');
    tree.git('commit', '-q', '-m', 'first');
  });
  afterEach(() => tree.remove());

  it('tells the root, the commit, and what is committed', async () => {
    tree.write({ 'new.txt': 'new' });
    const git = factsIn(`${tree.root}/dir`);
    expect(await git.root()).toBe(tree.root);
    expect(await git.commit()).toBe(tree.git('rev-parse', 'HEAD').trim());
    const tracked = await git.tracked(['a.txt', 'new.txt', 'dir/Grüße.txt', '*.txt']);
    expect([...(tracked ?? [])].filter((path) => path !== '').toSorted()).toEqual([
      'a.txt',
      'dir/Grüße.txt',
    ]);
  });

  it('says what the change adds since it began, whatever the settings are', async () => {
    const base = tree.git('rev-parse', 'HEAD').trim();
    tree.git('config', 'diff.noprefix', 'true');
    tree.git('config', 'color.ui', 'always');
    tree.git('config', 'diff.external', 'false');
    tree.write({ 'a.txt': 'one\n2\n', 'dir/Grüße.txt': 'y\n' });
    tree.git('commit', '-q', '-a', '-m', 'second');
    const diff = await factsIn(tree.root).diff(base);
    expect(diff).toContain('+++ b/a.txt\n@@ -2 +2 @@');
    expect(diff).toContain('+++ b/dir/Grüße.txt');
  });

  it('does not take a base that is not there for "nothing changed" (F11)', async () => {
    await expect(factsIn(tree.root).diff('0'.repeat(40))).rejects.toMatchObject({
      reasonCode: 'changes-unknown',
    });
    await expect(factsIn(tree.root).diff('origin/main')).rejects.toThrow('origin/main');
  });

  it('does not take a shallow clone for "nothing changed" (F11)', async () => {
    const [first] = [tree.git('rev-parse', 'HEAD').trim()];
    tree.write({ 'a.txt': '1\n' });
    tree.git('commit', '-q', '-a', '-m', 'second');
    const clone = makeTree();
    clone.git('clone', '-q', '--depth', '1', `file://${tree.root}`, 'c');
    await expect(factsIn(`${clone.root}/c`).diff(first)).rejects.toMatchObject({
      reasonCode: 'changes-unknown',
      remedy: expect.stringContaining('fetch-depth: 0'),
    });
    clone.remove();
  });

  it('knows nothing outside of a repository', async () => {
    const place = makeTree();
    const git = factsIn(place.root);
    expect([await git.root(), await git.commit(), await git.tracked(['a'])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    place.remove();
  });
});
