import { ConfigurationError, ServiceError } from '@gatewright/verdict';
import type { Release, Releases } from '@gatewright/github';
import { maker } from './candidate.ts';
import { sha256 } from './assets/digest.ts';
import type { Assets } from './assets/assets.ts';
import { releaseChecks } from './verify-tag.ts';
import { requireGood } from './verify.ts';
import type { Refs } from './facts.ts';
import type { Remote } from './git/remote.ts';
import { floatingTags, formatVersion } from './plan/version.ts';
import type { Version } from './plan/version.ts';

/** A version that has been verified and may be published. */
export interface Publication {
  readonly version: Version;
  readonly commit: string;
  readonly notes: string;
  readonly assets: Assets;
}

/** What publishing acts on. All state is there; nothing is kept between two runs. */
export interface PublishPorts {
  readonly remote: Remote;
  readonly releases: Releases;
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/**
 * Publishes: tag, draft, files, release, floating tags, in this order. Each step first looks whether it has been done, so
 * that after an interruption the same command goes on where it stopped. Until the release is public, callers see nothing
 * but a new tag; the floating tags, which callers may follow, come last.
 */
export async function publish(publication: Publication, ports: PublishPorts): Promise<void> {
  await refuseReleasedFloatingTags(publication, ports);
  await ensureTag(publication, ports);
  const release = await ensureRelease(publication, ports);
  if (!release.isImmutable) throw mutable(release);
  // A release of this name may be of another commit: then callers must not be led there.
  const checks = await releaseChecks(ports, release, publication.commit);
  requireGood(checks, formatVersion(publication.version));
  await moveFloatingTags(publication, ports);
}

/** A floating tag with a release could not be moved, or would move a release. */
async function refuseReleasedFloatingTags(
  { version }: Publication,
  { releases }: PublishPorts,
): Promise<void> {
  const floating = floatingTags(version);
  const wrong = (await releases.list()).filter(({ tag }) => floating.includes(tag));
  if (wrong.length === 0) return;
  throw new ConfigurationError(
    'publish-refused',
    `The floating tag ${wrong[0]?.tag} carries a release.`,
    {
      checked: wrong.map(({ tag, url }) => `${tag}: ${url}`),
      remedy: 'Delete that release; floating tags stay without one, since they move.',
    },
  );
}

/** Whether the tag is there already; one on another commit was moved or belongs to another candidate. */
export function tagState(refs: Refs, name: string, commit: string): 'missing' | 'there' {
  const known = refs.get(`refs/tags/${name}`);
  if (known === undefined) return 'missing';
  if (known.commit === commit && known.object !== commit) return 'there';
  if (known.commit === commit) {
    throw new ConfigurationError('publish-refused', `The tag ${name} is not of our making.`, {
      checked: [`${name} is not an annotated tag`],
      remedy: 'Delete it; it was never released.',
    });
  }
  throw new ConfigurationError('publish-refused', `The tag ${name} exists on another commit.`, {
    checked: [`${name} names ${known.commit}, the candidate is ${commit}`],
    remedy: 'A version is never moved: publish this candidate as the next version.',
  });
}

async function ensureTag({ version, commit }: Publication, ports: PublishPorts): Promise<void> {
  const { remote, say, now } = ports;
  const name = formatVersion(version);
  if (tagState(await remote.refs(), name, commit) === 'there') return say(`${name} is there`);
  const at = Math.floor(now() / 1000);
  await remote.createTag({ name, commit, message: `Gatewright ${name}`, tagger: maker, at });
  say(`${name} names ${commit}`);
}

async function ensureRelease(publication: Publication, ports: PublishPorts): Promise<Release> {
  const { releases, say } = ports;
  const tag = formatVersion(publication.version);
  const known = await releases.find(tag);
  if (known) {
    say(`the release is public: ${known.url}`);
    return known;
  }
  if ((await releases.immutability()) === 'off') throw immutabilityOff();
  const draft = await ensureDraft(publication, ports);
  await ensureAssets(draft, publication.assets, ports);
  const published = await releases.publish(draft);
  say(`released ${published.url}`);
  return published;
}

/** One draft with the right words; a lost answer may have left several. */
async function ensureDraft(publication: Publication, { releases }: PublishPorts): Promise<Release> {
  const tag = formatVersion(publication.version);
  const wanted = { tag, name: tag, body: publication.notes };
  const drafts = (await releases.list()).filter((one) => one.isDraft && one.tag === tag);
  const [first, ...others] = drafts.toSorted((a, b) => a.id - b.id);
  for (const other of others) await releases.remove(other);
  if (first === undefined) return releases.createDraft(wanted);
  return first.body === wanted.body ? first : releases.update(first, wanted);
}

async function ensureAssets(
  draft: Release,
  assets: Assets,
  { releases, say }: PublishPorts,
): Promise<void> {
  const isRight = (name: string, digest: string | undefined): boolean => {
    const content = assets.get(name);
    return content !== undefined && digest === `sha256:${sha256(content)}`;
  };
  const kept = new Set<string>();
  for (const asset of draft.assets) {
    const whole = asset.state === 'uploaded' && isRight(asset.name, asset.digest);
    if (whole && !kept.has(asset.name)) kept.add(asset.name);
    else await releases.removeAsset(asset);
  }
  for (const [name, content] of assets) {
    if (kept.has(name)) continue;
    const { digest } = await releases.upload(draft, name, content);
    if (digest !== undefined && !isRight(name, digest)) {
      throw new ServiceError('service-error', `GitHub has other bytes of ${name} than were sent.`, {
        checked: [`${name}: ${digest}`],
        remedy: 'Publish again; the file is sent again.',
      });
    }
    say(`uploaded ${name}`);
  }
}

async function moveFloatingTags(
  { version, commit }: Publication,
  { remote, say }: PublishPorts,
): Promise<void> {
  const refs = await remote.refs();
  const moves = floatingTags(version).map((name) => ({
    name,
    from: refs.get(`refs/tags/${name}`)?.object,
  }));
  const stale = moves.filter(({ from }) => from !== commit);
  if (stale.length > 0) await remote.moveTags(stale, commit);
  say(`${moves.map(({ name }) => name).join(' and ')} name ${commit}`);
}

function immutabilityOff(): ConfigurationError {
  return new ConfigurationError('publish-refused', 'Releases of this repository can be changed.', {
    checked: ['GET /repos/{owner}/{repo}/immutable-releases: off'],
    remedy: 'Switch on Settings → General → Releases → "Enable release immutability".',
  });
}

function mutable({ url }: Release): ConfigurationError {
  return new ConfigurationError(
    'release-inconsistent',
    'The release is public, but it can still be changed; the floating tags were not moved.',
    {
      checked: [`${url}: immutable is false`],
      remedy:
        'Switch on release immutability in the settings, delete this release and publish again.',
    },
  );
}
