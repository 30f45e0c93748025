import { createHash } from 'node:crypto';
import { iso, nodeId, renderUser, repositoryUrl } from './render-accounts.ts';
import type { AssetRecord, ReleaseRecord } from './releases.ts';
import { account } from './world.ts';
import type { RepositoryRecord, World } from './world.ts';

/** GitHub's `release-asset`. */
export function renderAsset(
  world: World,
  repository: RepositoryRecord,
  { tag }: ReleaseRecord,
  asset: AssetRecord,
) {
  const { id, name, content } = asset;
  const file = encodeURIComponent(name);
  return {
    url: `${repositoryUrl(world, repository)}/releases/assets/${id}`,
    id,
    node_id: nodeId('RA', id),
    name,
    label: null,
    uploader: renderUser(world, account(world, asset.uploader)),
    content_type: asset.contentType,
    state: 'uploaded',
    size: content.length,
    digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    download_count: 0,
    created_at: iso(asset.at),
    updated_at: iso(asset.at),
    browser_download_url: `${world.url}/${repository.fullName}/releases/download/${tag}/${file}`,
  };
}

/** GitHub's `release`. */
export function renderRelease(world: World, repository: RepositoryRecord, release: ReleaseRecord) {
  const { id, tag, publishedAt } = release;
  const url = `${repositoryUrl(world, repository)}/releases/${id}`;
  const published = publishedAt === undefined ? null : iso(publishedAt);
  const ball = (kind: string) =>
    release.draft ? null : `${repositoryUrl(world, repository)}/${kind}/refs/tags/${tag}`;
  return {
    url,
    assets_url: `${url}/assets`,
    // On github.com this is another host.
    upload_url: `${url}/assets{?name,label}`,
    html_url: `${world.url}/${repository.fullName}/releases/tag/${encodeURIComponent(tag)}`,
    id,
    author: renderUser(world, account(world, release.author)),
    node_id: nodeId('RE', id),
    tag_name: tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: release.immutable,
    prerelease: release.prerelease,
    created_at: iso(release.createdAt),
    updated_at: iso(publishedAt ?? release.createdAt),
    published_at: published,
    assets: release.assets.map((asset) => renderAsset(world, repository, release, asset)),
    tarball_url: ball('tarball'),
    zipball_url: ball('zipball'),
    body: release.body,
  };
}
