import * as z from 'zod';
import { actorOf, GitHubProblem, notFound, paged, repositoryOf } from './call.ts';
import type { Call, Handler } from './call.ts';
import type { AssetRecord, ReleaseRecord } from './releases.ts';
import { renderAsset, renderRelease } from './render-releases.ts';
import { note, resolveCommit } from './world.ts';
import type { RepositoryRecord } from './world.ts';

// No defaults here: what a change does not name stays as it is.
const change = z.object({
  tag_name: z.string().min(1).optional(),
  target_commitish: z.string().optional(),
  name: z.string().optional(),
  body: z.string().optional(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
});
const creation = change.required({ tag_name: true });

/** A draft is seen only by who may push. */
function seesDrafts(call: Call): boolean {
  const { principal } = call;
  return (
    principal?.kind === 'user' ||
    (principal?.kind === 'integration' && principal.permissions['contents'] === 'write')
  );
}

function visible(call: Call, repository: RepositoryRecord): ReleaseRecord[] {
  const drafts = seesDrafts(call);
  return repository.releases.all.filter(({ draft }) => drafts || !draft);
}

function releaseOf(call: Call, repository: RepositoryRecord): ReleaseRecord {
  const id = Number(call.parameters['release_id']);
  const release = visible(call, repository).find((one) => one.id === id);
  if (release === undefined) throw notFound();
  return release;
}

function assetOf(call: Call, repository: RepositoryRecord) {
  const id = Number(call.parameters['asset_id']);
  for (const release of visible(call, repository)) {
    const asset = release.assets.find((one) => one.id === id);
    if (asset !== undefined) return { release, asset };
  }
  throw notFound();
}

function invalid(message: string, field: string): GitHubProblem {
  const errors = [{ resource: 'Release', code: 'custom', field, message }];
  return new GitHubProblem(422, 'Validation Failed', { errors });
}

/** Makes a release public: its tag comes to be, and may be burned. */
function publish(call: Call, repository: RepositoryRecord, release: ReleaseRecord): void {
  const { releases, refs } = repository;
  const { tag } = release;
  if (releases.burned.has(tag))
    throw invalid('tag_name was used by an immutable release', 'tag_name');
  if (releases.all.some((one) => one !== release && !one.draft && one.tag === tag)) {
    throw invalid('already_exists', 'tag_name');
  }
  const ref = `refs/tags/${tag}`;
  if (!refs.has(ref)) {
    const target = resolveCommit(repository, release.target);
    if (target === undefined) throw invalid('target_commitish is invalid', 'target_commitish');
    refs.set(ref, target.sha);
  }
  release.draft = false;
  release.publishedAt = call.world.clock.now();
  release.immutable = releases.immutable;
  if (release.immutable) releases.burned.add(tag);
  note(call.world, 'release published', actorOf(call), { tag, immutable: release.immutable });
}

const createRelease: Handler = (call) => {
  const repository = repositoryOf(call);
  const request = creation.parse(call.body);
  const release: ReleaseRecord = {
    id: call.world.nextId(),
    author: actorOf(call),
    createdAt: call.world.clock.now(),
    assets: [],
    tag: request.tag_name,
    target: request.target_commitish ?? repository.defaultBranch,
    name: request.name ?? null,
    body: request.body ?? null,
    draft: true,
    prerelease: request.prerelease ?? false,
    immutable: false,
    publishedAt: undefined,
  };
  if (request.draft !== true) publish(call, repository, release);
  repository.releases.all.push(release);
  return { status: 201, body: renderRelease(call.world, repository, release) };
};

const updateRelease: Handler = (call) => {
  const repository = repositoryOf(call);
  const release = releaseOf(call, repository);
  const request = change.parse(call.body);
  const moves = request.tag_name !== undefined && request.tag_name !== release.tag;
  if (release.immutable && (moves || request.draft === true)) {
    throw invalid('Cannot change the tag or the state of an immutable release', 'tag_name');
  }
  release.tag = request.tag_name ?? release.tag;
  release.target = request.target_commitish ?? release.target;
  release.name = request.name ?? release.name;
  release.body = request.body ?? release.body;
  release.prerelease = request.prerelease ?? release.prerelease;
  if (request.draft === false && release.draft) publish(call, repository, release);
  else release.draft = request.draft ?? release.draft;
  return { status: 200, body: renderRelease(call.world, repository, release) };
};

const upload: Handler = (call) => {
  const repository = repositoryOf(call);
  const release = releaseOf(call, repository);
  const name = call.query['name'] ?? '';
  if (release.immutable) throw invalid('Cannot upload assets to an immutable release.', 'name');
  if (release.assets.some((asset) => asset.name === name)) {
    throw new GitHubProblem(422, 'Validation Failed', {
      errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }],
    });
  }
  const asset: AssetRecord = {
    id: call.world.nextId(),
    name,
    contentType: call.contentType,
    content: call.bytes,
    uploader: actorOf(call),
    at: call.world.clock.now(),
  };
  release.assets.push(asset);
  return { status: 201, body: renderAsset(call.world, repository, release, asset) };
};

const deleteAsset: Handler = (call) => {
  const { release, asset } = assetOf(call, repositoryOf(call));
  if (release.immutable) throw invalid('Cannot delete assets of an immutable release.', 'id');
  release.assets.splice(release.assets.indexOf(asset), 1);
  return { status: 204, body: undefined };
};

/** Releases and their files. */
export const releaseHandlers: Readonly<Record<string, Handler>> = {
  'repos/check-immutable-releases': (call) => {
    if (!repositoryOf(call).releases.immutable) throw notFound();
    return { status: 200, body: { enabled: true, enforced_by_owner: false } };
  },
  'repos/list-releases': (call) => {
    const repository = repositoryOf(call);
    const { page, headers } = paged(call, visible(call, repository).toReversed());
    const body = page.map((release) => renderRelease(call.world, repository, release));
    return { status: 200, headers, body };
  },
  'repos/get-release-by-tag': (call) => {
    const repository = repositoryOf(call);
    const { tag } = call.parameters;
    // A draft has no tag yet, whoever asks.
    const release = repository.releases.all.find((one) => !one.draft && one.tag === tag);
    if (release === undefined) throw notFound();
    return { status: 200, body: renderRelease(call.world, repository, release) };
  },
  'repos/get-release': (call) => {
    const repository = repositoryOf(call);
    const body = renderRelease(call.world, repository, releaseOf(call, repository));
    return { status: 200, body };
  },
  'repos/create-release': createRelease,
  'repos/update-release': updateRelease,
  'repos/delete-release': (call) => {
    const repository = repositoryOf(call);
    const { all } = repository.releases;
    all.splice(all.indexOf(releaseOf(call, repository)), 1);
    return { status: 204, body: undefined };
  },
  'repos/upload-release-asset': upload,
  'repos/get-release-asset': (call) => {
    const repository = repositoryOf(call);
    const { release, asset } = assetOf(call, repository);
    if (call.accept.includes('application/octet-stream')) {
      const headers = { 'content-type': 'application/octet-stream' };
      return { status: 200, body: asset.content, headers };
    }
    return { status: 200, body: renderAsset(call.world, repository, release, asset) };
  },
  'repos/delete-release-asset': deleteAsset,
};
