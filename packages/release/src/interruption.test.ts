import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Releases } from '@gatewright/github';
import type { Remote } from './git/remote.ts';
import { withClone } from './git/workplace.ts';
import { publish } from './publish.ts';
import { files, openStudio } from './test-support/sample.ts';
import type { Sample, Studio } from './test-support/sample.ts';
import { candidate, prove, release, verify } from './tool.ts';
import type { Prepared } from './tool.ts';

let studio: Studio;
let sample: Sample;
let prepared: Prepared;
beforeAll(async () => {
  studio = await openStudio(async (template) => {
    await template.commit('feat(greet): say hello', files);
    await candidate(template.tool);
    const verified = await verify(template.tool, {});
    if (verified.prepared === undefined) throw new Error('the sample is not in order');
    prepared = verified.prepared;
  });
});
afterAll(() => studio.close());
beforeEach(async () => {
  sample = await studio.sample();
});

const first = { major: 1, minor: 0, patch: 0 };
const problemsOf = async (version = first) =>
  (await prove(sample.tool, sample.releases, version, false)).flatMap(({ problems }) => problems);

type Change = 'createTag' | 'moveTags' | 'createDraft' | 'upload' | 'publish';

/** Ports that fail at the n-th change: before it is made, or after, so that the answer is lost. */
function failing(releases: Releases, at: number, after: boolean) {
  let count = 0;
  const done: Change[] = [];
  const guarded = async <T>(change: Change, work: () => Promise<T>): Promise<T> => {
    count += 1;
    if (count === at && !after) throw new Error(`interrupted before ${change}`);
    const result = await work();
    done.push(change);
    if (count === at) throw new Error(`interrupted after ${change}`);
    return result;
  };
  const wrap = (remote: Remote): Remote => ({
    ...remote,
    createTag: (tag) => guarded('createTag', () => remote.createTag(tag)),
    moveTags: (moves, to) => guarded('moveTags', () => remote.moveTags(moves, to)),
  });
  const wrapped: Releases = {
    ...releases,
    createDraft: (draft) => guarded('createDraft', () => releases.createDraft(draft)),
    upload: (one, name, content) => guarded('upload', () => releases.upload(one, name, content)),
    publish: (draft) => guarded('publish', () => releases.publish(draft)),
  };
  return { wrap, releases: wrapped, done };
}

function publishWith({ wrap, releases }: ReturnType<typeof failing>): Promise<void> {
  const { place, now, say } = sample.tool;
  const { version } = prepared.plan;
  return withClone(place, (remote) =>
    publish({ version, ...prepared }, { remote: wrap(remote), releases, now, say }),
  );
}

describe('an interruption', () => {
  // Tag, draft, four files, release, floating tags.
  const steps = [1, 2, 3, 4, 5, 6, 7, 8];

  it.each(steps.flatMap((at) => (['before', 'after'] as const).map((when) => ({ at, when }))))(
    '$when change $at is made good by publishing again, from another clone',
    async ({ at, when }) => {
      const broken = failing(sample.releases, at, when === 'after');
      await expect(publishWith(broken)).rejects.toThrow(`interrupted ${when}`);
      const again = failing(sample.releases, 0, false);
      await publishWith(again);
      expect(await problemsOf()).toEqual([]);
      expect(await sample.shared('rev-parse', 'v1.0')).toBe(prepared.commit);
      expect(await sample.releases.list()).toHaveLength(1);
      // Nothing was made twice.
      expect([...broken.done, ...again.done]).toEqual([
        'createTag',
        'createDraft',
        'upload',
        'upload',
        'upload',
        'upload',
        'publish',
        'moveTags',
      ]);
    },
  );

  it('is made good by the whole command as well', async () => {
    const { wrap, releases } = failing(sample.releases, 5, true);
    await expect(release({ ...sample.tool, wrap }, releases, {})).rejects.toThrow('interrupted');
    await release(sample.tool, sample.releases, {});
    // And once more, with nothing left to do.
    await release(sample.tool, sample.releases, {});
    expect(await problemsOf()).toEqual([]);
  });

  it('of a major version that somebody asked for keeps its version', async () => {
    await release(sample.tool, sample.releases, {});
    await sample.commit('fix(greet): greet loudly', { 'actions/greet/src/main.txt': 'HELLO\n' });
    await candidate(sample.tool);
    const { wrap, releases } = failing(sample.releases, 2, false);
    const asked = release({ ...sample.tool, wrap }, releases, { level: 'major' });
    await expect(asked).rejects.toThrow('interrupted');
    await release(sample.tool, sample.releases, {});
    expect(await problemsOf({ major: 2, minor: 0, patch: 0 })).toEqual([]);
    expect(await sample.shared('tag', '--list', 'v1.0.1')).toBe('');
  });

  it('that left two drafts, a broken file and a foreign one leaves none of them', async () => {
    const draft = { tag: 'v1.0.0', name: 'v1.0.0', body: 'old' };
    const left = await sample.releases.createDraft(draft);
    await sample.releases.createDraft(draft);
    await sample.releases.upload(left, 'checksums.txt', Buffer.from('half'));
    await sample.releases.upload(left, 'leftover.txt', Buffer.from('x'));
    await publishWith(failing(sample.releases, 0, false));
    expect(await problemsOf()).toEqual([]);
    const all = await sample.releases.list();
    expect(all.map(({ assets }) => assets.length)).toEqual([4]);
  });

  it('does not hide that somebody else made the tag meanwhile', async () => {
    const { wrap: plain, releases } = failing(sample.releases, 0, false);
    const wrap = (remote: Remote): Remote => ({
      ...plain(remote),
      async createTag(tag) {
        await sample.shared('tag', 'v1.0.0', 'main');
        await remote.createTag(tag);
      },
    });
    await expect(publishWith({ wrap, releases, done: [] })).rejects.toThrow('git push failed');
    await expect(publishWith(failing(sample.releases, 0, false))).rejects.toThrow('another commit');
    expect(await sample.releases.list()).toEqual([]);
  });
});
