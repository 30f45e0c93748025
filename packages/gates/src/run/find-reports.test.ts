import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findReports } from './find-reports.ts';
import { makeTree } from './test-support.ts';
import type { Tree } from './test-support.ts';

describe('finding reports', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = makeTree({ 'app/a.xml': '1', 'app/deep/b.xml': '22', 'secret.xml': '3' });
  });
  afterEach(() => tree.remove());

  const find = async (...globs: readonly string[]) => {
    const roots = { root: tree.root, base: join(tree.root, 'app') };
    const { found, problems } = await findReports(globs, roots);
    return {
      paths: found.map(({ path }) => path),
      problems: problems.map(({ reasonCode, message }) => `${reasonCode} ${message}`),
    };
  };

  it('gives each file once, by its path in the repository', async () => {
    expect(await find('**/*.xml', 'a.xml')).toEqual({
      paths: ['app/a.xml', 'app/deep/b.xml'],
      problems: [],
    });
  });

  it('lets an exclusion take files away', async () => {
    expect((await find('**/*.xml', '!deep/**')).paths).toEqual(['app/a.xml']);
  });

  it('names every glob that matches nothing', async () => {
    expect((await find('a.xml', 'b*.xml', 'nothing/**')).problems).toEqual([
      'report-missing b*.xml: no file matches this glob',
      'report-missing nothing/**: no file matches this glob',
    ]);
  });

  it.each(['../secret.xml', 'deep/../../secret.xml', '/etc/passwd', '..', 'C:/x.xml'])(
    'does not leave its directory for %s',
    async (glob) => {
      expect(await find(glob)).toEqual({
        paths: [],
        problems: [`report-missing ${glob}: the glob leaves its directory`],
      });
    },
  );

  it('does not follow a link out of the repository', async () => {
    const outside = makeTree({ 'x.xml': 'x' });
    symlinkSync(outside.root, join(tree.root, 'app/linked'));
    symlinkSync(join(outside.root, 'x.xml'), join(tree.root, 'app/x.xml'));
    const linked = await find('linked/*.xml', 'x.xml');
    expect(linked.paths).toEqual([]);
    expect(linked.problems).toHaveLength(2);
    outside.remove();
  });

  it('reads nothing that is not a regular file', async () => {
    execFileSync('mkfifo', [join(tree.root, 'app/pipe.xml')]);
    expect((await find('pipe.xml')).paths).toEqual([]);
    expect((await find('deep')).problems).toEqual([
      'report-missing deep: no file matches this glob',
    ]);
  });

  it('does not take what was installed for reports', async () => {
    tree.write({ 'app/node_modules/x/report.xml': 'x' });
    expect((await find('**/report.xml')).paths).toEqual([]);
  });
});
