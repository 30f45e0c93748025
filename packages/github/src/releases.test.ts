import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { startGitHub } from '@gatewright/emulators';
import type { GitHubEmulator } from '@gatewright/emulators';
import { AccessError, ServiceError } from '@gatewright/verdict';
import { createReleases } from './index.ts';

const sha = 'a'.repeat(40);
const commit = {
  sha,
  message: 'one',
  author: { login: 'octo-dev', name: 'Octo Dev' },
  date: '2026-11-01T10:00:00Z',
  parents: [],
  directory: '/trees/none',
};
let github: GitHubEmulator;

const start = (immutableReleases: boolean) =>
  startGitHub({
    users: [{ login: 'octo-dev' }],
    repositories: [
      {
        fullName: 'acme/tools',
        immutableReleases,
        commits: [commit],
        refs: { 'refs/heads/main': sha },
      },
    ],
  });

beforeEach(async () => {
  github = await start(true);
});
afterEach(() => github.stop());

const adapter = (permissions: Record<string, string> = { contents: 'write' }) =>
  createReleases({
    token: github.token({ repository: 'acme/tools', permissions }),
    apiUrl: github.url,
    repository: 'acme/tools',
    sleep: async () => undefined,
  });

const draft = { tag: 'v1.0.0', name: 'v1.0.0', body: '# Notes' };
const bytes = (text: string) => new TextEncoder().encode(text);
const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('the releases of a repository', () => {
  it('begin as drafts that only those who may push can see', async () => {
    const releases = adapter();
    const made = await releases.createDraft(draft);
    expect(made).toMatchObject({ tag: 'v1.0.0', isDraft: true, isImmutable: false, assets: [] });
    expect(await releases.find('v1.0.0')).toBeUndefined();
    expect((await releases.list()).map(({ id }) => id)).toEqual([made.id]);
    expect(await adapter({ contents: 'read' }).list()).toEqual([]);
  });

  it('take files byte by byte and give them back', async () => {
    const releases = adapter();
    const made = await releases.createDraft(draft);
    const content = Uint8Array.from([0, 255, 13, 10, 128]);
    const asset = await releases.upload(made, 'some bytes.bin', content);
    expect(asset).toMatchObject({ name: 'some bytes.bin', state: 'uploaded' });
    expect([...(await releases.download(asset))]).toEqual([...content]);
    await releases.removeAsset(asset);
    expect((await releases.list())[0]?.assets).toEqual([]);
  });

  it('can be changed until they are published, and never again', async () => {
    const releases = adapter();
    const made = await releases.createDraft(draft);
    const asset = await releases.upload(made, 'a.txt', bytes('a'));
    expect(asset.digest).toBe(digest('a'));
    expect(await releases.update(made, { ...draft, body: 'better' })).toMatchObject({
      body: 'better',
      isDraft: true,
    });
    const published = await releases.publish(made);
    expect(published).toMatchObject({ isDraft: false, isImmutable: true });
    expect(await releases.find('v1.0.0')).toEqual(published);
    await expect(releases.upload(made, 'b.txt', bytes('b'))).rejects.toThrow(ServiceError);
    await expect(releases.removeAsset(asset)).rejects.toThrow('immutable');
    await releases.remove(published);
    const again = await releases.createDraft(draft);
    await expect(releases.publish(again)).rejects.toThrow('used by an immutable release');
  });

  it('say whether they will be immutable, or that this may not be asked', async () => {
    expect(await adapter({ administration: 'read' }).immutability()).toBe('on');
    expect(await adapter().immutability()).toBe('unknown');
    await github.stop();
    github = await start(false);
    expect(await adapter({ administration: 'read' }).immutability()).toBe('off');
  });

  it('are listed over many pages', async () => {
    const releases = adapter();
    for (let count = 0; count < 101; count += 1) {
      await releases.createDraft({ ...draft, tag: `v0.${count}.0` });
    }
    const all = await releases.list();
    expect(all).toHaveLength(101);
    expect(all[0]?.tag).toBe('v0.100.0');
  });

  it('name the scope that is missing', async () => {
    const refused = adapter({ contents: 'read' }).createDraft(draft);
    await expect(refused).rejects.toThrow(AccessError);
    await expect(refused).rejects.toThrow('contents: write');
  });

  it('are not created twice when the answer is lost', async () => {
    github.fault({ method: 'POST', path: /releases$/, answer: 'hang-up' });
    await expect(adapter().createDraft(draft)).rejects.toThrow(ServiceError);
    const asked = github.journal().filter(({ what }) => what.startsWith('POST'));
    expect(asked).toHaveLength(1);
  });
});
