import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from './cli.ts';
import { files, openStudio } from './test-support/sample.ts';
import type { Sample, Studio } from './test-support/sample.ts';
import { candidate, plan, prove, release } from './tool.ts';

let studio: Studio;
let sample: Sample;
beforeAll(async () => {
  studio = await openStudio((template) => template.commit('feat(greet): say hello', files));
});
afterAll(() => studio.close());
beforeEach(async () => {
  sample = await studio.sample();
});

const v = (major: number, minor: number, patch: number) => ({ major, minor, patch });
const commitOf = (name: string) => sample.shared('rev-parse', `${name}^{commit}`);

async function problemsOf(version = v(1, 0, 0), withRebuild = false): Promise<readonly string[]> {
  const checks = await prove(sample.tool, sample.releases, version, withRebuild);
  expect(checks.length).toBeGreaterThan(4);
  return checks.flatMap(({ problems }) => problems);
}

async function publishNext(): Promise<void> {
  await candidate(sample.tool);
  await release(sample.tool, sample.releases, {});
}

describe('a whole release', () => {
  it('goes from main to a version that callers can pin', async () => {
    const planned = await plan(sample.tool, {});
    expect(planned.plan).toMatchObject({ version: v(1, 0, 0), refusals: [] });
    const { commit, main } = await candidate(sample.tool);
    expect(main).toBe(await sample.git('rev-parse', 'main'));
    expect(await sample.shared('rev-parse', 'candidate^')).toBe(main);
    expect(await sample.shared('diff', '--name-status', 'main', 'candidate')).toBe(
      'A\tactions/greet/dist/index.js\nA\tactions/greet/dist/licenses.txt',
    );
    await release(sample.tool, sample.releases, {});
    expect(await sample.shared('cat-file', '-t', 'v1.0.0')).toBe('tag');
    for (const name of ['v1.0.0', 'v1', 'v1.0']) expect(await commitOf(name)).toBe(commit);
    const published = await sample.releases.find('v1.0.0');
    expect(published).toMatchObject({ isDraft: false, isImmutable: true });
    expect(published?.body).toContain(`acme/tools/.github/workflows/hello.yml@${commit} # v1.0.0`);
    expect(published?.assets.map(({ name }) => name).toSorted()).toEqual([
      'checksums.txt',
      'notes.md',
      'provenance.intoto.json',
      'sbom.cdx.json',
    ]);
    expect(await problemsOf(v(1, 0, 0), true)).toEqual([]);
    // Main, the candidate, and three tags: nothing else was left there.
    expect((await sample.shared('show-ref')).split('\n')).toHaveLength(5);
  });

  it('makes the same candidate from the same source, whoever builds', async () => {
    const first = await candidate(sample.tool);
    await sample.shared('branch', '-D', 'candidate');
    const env = {
      ...sample.tool.place.env,
      GIT_AUTHOR_NAME: 'Bob',
      GIT_COMMITTER_DATE: '@0 +0000',
    };
    const place = { ...sample.tool.place, env };
    expect(await candidate({ ...sample.tool, place })).toEqual(first);
  });

  it('is followed by the next one, which takes the floating tags along', async () => {
    await publishNext();
    const first = await commitOf('v1.0.0');
    await sample.commit('fix(greet): greet loudly', { 'actions/greet/src/main.txt': 'HELLO\n' });
    await sample.commit('docs: tell about it', { 'README.md': 'hello\n' });
    await publishNext();
    const second = await commitOf('v1.0.1');
    expect(second).not.toBe(first);
    expect(await commitOf('v1')).toBe(second);
    expect(await commitOf('v1.0')).toBe(second);
    expect(await commitOf('v1.0.0')).toBe(first);
    const notes = (await sample.releases.find('v1.0.1'))?.body;
    expect(notes).toContain('### greet\n\n- Fixed: greet loudly (');
    expect(notes).toContain('One more commit without effect on callers.');
    expect(notes).not.toContain('say hello');
    expect(await problemsOf(v(1, 0, 1))).toEqual([]);
    expect(await problemsOf(v(1, 0, 0))).toEqual([]);
  });

  it('leaves the floating tags of another line alone', async () => {
    await publishNext();
    const first = await commitOf('v1.0.0');
    await sample.commit('feat(greet)!: greet nobody', { 'actions/greet/src/main.txt': '\n' });
    await publishNext();
    expect(await commitOf('v1')).toBe(first);
    expect(await commitOf('v2')).toBe(await commitOf('v2.0.0'));
    expect(await problemsOf()).toEqual([]);
  });

  it('is told by the command line, with an exit code', async () => {
    const { tool, env, said } = sample;
    const out = join(sample.root, '..', 'out');
    expect(await runCli(tool, env, ['plan'])).toBe(0);
    expect(said.join('\n')).toContain('### greet\n\n- New: say hello');
    expect(await runCli(tool, env, ['candidate'])).toBe(0);
    expect(await runCli(tool, env, ['verify', '--out', out])).toBe(0);
    expect(await runCli(tool, env, ['publish'])).toBe(0);
    expect(await runCli(tool, env, ['verify', '--tag', 'v1.0.0'])).toBe(0);
    expect(said.at(-1)).toBe('v1.0.0 is what was released');
    expect(await runCli(tool, env, ['verify', '--tag', '1.0'])).toBe(1);
    expect(await runCli(tool, env, ['plan', '--levl'])).toBe(2);
    expect(await runCli(tool, env, ['plan'])).toBe(1);
    expect(said.at(-1)).toContain('changes anything for callers. (publish-refused)');
  });
});

describe('a published version is found to be wrong when', () => {
  beforeEach(publishNext);

  it('its tag was moved, also to a commit that was built from main', async () => {
    await sample.commit('fix(greet): steal', { 'actions/greet/src/main.txt': 'steal\n' });
    const { commit } = await candidate(sample.tool);
    await sample.shared('tag', '--force', '-a', '-m', 'v1.0.0', 'v1.0.0', commit);
    const found = await problemsOf();
    expect(found).toContainEqual(
      expect.stringMatching(/^the release was made of [0-9a-f]{40}, the/),
    );
    expect(found).toContain('actions/greet/dist/index.js differs from checksums.txt');
    expect(found).toContain('actions/greet/dist/index.js differs from the statement');
    expect(await runCli(sample.tool, sample.env, ['verify', '--tag', 'v1.0.0'])).toBe(1);
    // Publishing does not take it for its own, and lets the floating tags be.
    const before = await commitOf('v1');
    await expect(release(sample.tool, sample.releases, {})).rejects.toMatchObject({
      reasonCode: expect.stringMatching(/^(?:tag-moved|release-inconsistent)$/),
    });
    expect(await commitOf('v1')).toBe(before);
  });

  it('its tag was replaced by a light one on main', async () => {
    await sample.shared('tag', '--force', 'v1.0.0', 'main');
    expect(await problemsOf()).toContain('v1.0.0 is not an annotated tag');
    await sample.commit('fix(greet): more', {});
    await candidate(sample.tool);
    await expect(release(sample.tool, sample.releases, {})).rejects.toMatchObject({
      reasonCode: 'tag-moved',
    });
  });

  it('a floating tag was moved', async () => {
    await sample.shared('tag', '--force', 'v1', 'main');
    expect(await problemsOf()).toEqual([
      expect.stringMatching(/^v1 names [0-9a-f]{40}, not v1.0.0$/),
    ]);
  });

  it('its release is gone, and its tag as well', async () => {
    const published = await sample.releases.find('v1.0.0');
    if (published !== undefined) await sample.releases.remove(published);
    const found = await prove(sample.tool, sample.releases, v(1, 0, 0), false);
    expect(found.flatMap(({ problems }) => problems)).toEqual(['there is no public release']);
    await sample.shared('tag', '--delete', 'v1.0.0');
    const gone = await prove(sample.tool, sample.releases, v(1, 0, 0), false);
    expect(gone).toMatchObject([{ reasonCode: 'tag-moved', problems: ['v1.0.0 does not exist'] }]);
  });
});
