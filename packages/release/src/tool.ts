import { ConfigurationError } from '@gatewright/verdict';
import type { Releases } from '@gatewright/github';
import { makeAssets } from './assets/assets.ts';
import type { Assets } from './assets/assets.ts';
import { readBundle } from './assets/statement.ts';
import { differences } from './assets/digest.ts';
import { publishedDigests } from './assets/assets.ts';
import { candidateBranch, publishCandidate } from './candidate.ts';
import type { Commands } from './commands.ts';
import { readFacts, taggedVersions } from './facts.ts';
import type { Refs } from './facts.ts';
import { parentsOf } from './git/objects.ts';
import { branchCommit } from './git/remote.ts';
import type { Remote } from './git/remote.ts';
import { requireCleanMain, withClone } from './git/workplace.ts';
import type { Place } from './git/workplace.ts';
import { renderNotes } from './plan/notes.ts';
import { planRelease } from './plan/plan.ts';
import type { ReleasePlan } from './plan/plan.ts';
import { formatVersion } from './plan/version.ts';
import type { Level, Version } from './plan/version.ts';
import { publish, tagState } from './publish.ts';
import { verifyTag } from './verify-tag.ts';
import { requireGood, verifyCandidate } from './verify.ts';
import type { Check } from './verify.ts';

/** The publishing tool of one checkout. */
export interface Tool {
  readonly place: Place;
  readonly commands: Commands;
  /** `owner/name`. */
  readonly repository: string;
  /** `https://github.com`, or that of another server. */
  readonly serverUrl: string;
  /** Who builds, for the provenance. */
  readonly builder: string;
  readonly now: () => number;
  /** Replaced in tests, to interrupt. */
  readonly wrap?: (remote: Remote) => Remote;
  readonly say: (line: string) => void;
}

export interface Prepared {
  readonly plan: ReleasePlan;
  readonly commit: string;
  readonly notes: string;
  readonly assets: Assets;
}

interface Wishes {
  readonly level?: Level | undefined;
  readonly attestation?: Buffer | undefined;
  readonly withoutAcceptance?: boolean | undefined;
}

/** Tells which version main would be, and what is in it. */
export function plan(tool: Tool, wishes: Wishes): Promise<{ plan: ReleasePlan; notes: string }> {
  return withRemote(tool, async (remote) => {
    const refs = await remote.refs();
    const main = branchCommit(refs, 'main');
    return planFor(tool, remote, refs, { main, commit: undefined }, wishes);
  });
}

/** Builds main once and puts the result on the branch `candidate`. */
export function candidate(tool: Tool): Promise<{ commit: string; main: string }> {
  return withRemote(tool, async (remote) => {
    const refs = await remote.refs();
    await requireCleanMain(tool.place, remote, branchCommit(refs, 'main'));
    return publishCandidate(remote, tool.commands.build);
  });
}

/** Looks at the candidate from all sides, and makes the files that its release would have. */
export function verify(
  tool: Tool,
  wishes: Wishes,
): Promise<{ checks: readonly Check[]; prepared: Prepared | undefined }> {
  return withRemote(tool, async (remote) => {
    const { checks, refs, commit } = await examine(tool, remote, wishes);
    const good = checks.every(({ problems }) => problems.length === 0);
    const prepared = good ? await prepare(tool, remote, refs, commit, wishes) : undefined;
    return { checks, prepared };
  });
}

/** Verifies the candidate and makes it a version; gives what was published. */
export function release(tool: Tool, releases: Releases, wishes: Wishes): Promise<Prepared> {
  return withRemote(tool, async (remote) => {
    const before = await remote.refs();
    await requireCleanMain(tool.place, remote, branchCommit(before, 'main'));
    // What can be refused without a build is refused first.
    await prepare(tool, remote, before, branchCommit(before, candidateBranch), wishes);
    const { checks, refs, commit } = await examine(tool, remote, wishes);
    requireGood(checks);
    const prepared = await prepare(tool, remote, refs, commit, wishes);
    const { version } = prepared.plan;
    await publish({ version, ...prepared }, { remote, releases, now: tool.now, say: tool.say });
    const tag = formatVersion(version);
    requireGood(await verifyTag({ version, remote, releases }), tag);
    tool.say(`${tag}: tag, release, statement and bytes agree`);
    return prepared;
  });
}

/** Proves that everything about a published version agrees. */
export function prove(
  tool: Tool,
  releases: Releases,
  version: Version,
  withRebuild: boolean,
): Promise<readonly Check[]> {
  const build = withRebuild ? tool.commands.build : undefined;
  return withRemote(tool, (remote) => verifyTag({ version, remote, releases, build }));
}

function withRemote<T>(tool: Tool, work: (remote: Remote) => Promise<T>): Promise<T> {
  return withClone(tool.place, (remote) => work(tool.wrap?.(remote) ?? remote));
}

async function examine(tool: Tool, remote: Remote, wishes: Wishes) {
  const refs = await remote.refs();
  const commit = branchCommit(refs, candidateBranch);
  const checks = await verifyCandidate({
    git: remote.git,
    candidate: commit,
    main: branchCommit(refs, 'main'),
    commands: tool.commands,
    withoutAcceptance: wishes.withoutAcceptance ?? false,
    say: tool.say,
  });
  return { checks, refs, commit };
}

/** What is planned: main as it is now, or the source of a candidate. */
interface Source {
  readonly main: string;
  readonly commit: string | undefined;
}

async function planFor(
  tool: Tool,
  remote: Remote,
  refs: Refs,
  { main, commit }: Source,
  { level }: Wishes,
): Promise<{ plan: ReleasePlan; notes: string }> {
  const facts = await readFacts(remote.git, refs, main, commit, level);
  const made = planRelease(facts);
  const { actions, workflows } = facts.contracts;
  const notes = renderNotes(made, {
    repository: tool.repository,
    actions: Object.keys(actions),
    workflows: Object.keys(workflows),
    commit,
  });
  return { plan: made, notes };
}

async function prepare(
  tool: Tool,
  remote: Remote,
  refs: Refs,
  commit: string,
  wishes: Wishes,
): Promise<Prepared> {
  const [main = ''] = await parentsOf(remote.git, commit);
  const made = await planFor(tool, remote, refs, { main, commit }, resumed(refs, commit, wishes));
  const [refusal] = made.plan.refusals;
  if (refusal !== undefined) {
    throw new ConfigurationError(refusal.code, refusal.text, {
      checked: made.plan.refusals.map(({ text }) => text),
      remedy: 'See `npm run release -- plan`.',
    });
  }
  const tag = formatVersion(made.plan.version);
  tagState(refs, tag, commit);
  const { attestation } = wishes;
  if (attestation !== undefined) await requireSameBytes(remote, commit, attestation);
  const assets = await makeAssets(remote.git, {
    commit,
    tag,
    notes: made.notes,
    repositoryUrl: `${tool.serverUrl}/${tool.repository}`,
    builder: tool.builder,
    attestation,
  });
  return { ...made, commit, assets };
}

/** A candidate that is tagged already keeps its version: somebody asked for the level when the tag was made. */
function resumed(refs: Refs, commit: string, wishes: Wishes): Wishes {
  const versions = taggedVersions(refs);
  const names = versions.filter((one) => one.commit === commit);
  const own = names[0]?.version;
  if (names.length > 1) {
    const list = names.map(({ version }) => formatVersion(version)).join(', ');
    throw new ConfigurationError(
      'publish-refused',
      `The candidate has several versions: ${list}.`,
      {
        remedy: 'Delete the tags that were never released.',
      },
    );
  }
  const before = versions.findLast((one) => one.commit !== commit)?.version;
  if (own === undefined || before === undefined) return wishes;
  const level = own.major > before.major ? 'major' : own.minor > before.minor ? 'minor' : 'patch';
  return { ...wishes, level };
}

async function requireSameBytes(remote: Remote, commit: string, bundle: Buffer): Promise<void> {
  const signed = readBundle(bundle.toString('utf8'));
  const digests = await publishedDigests(remote.git, commit);
  const wrong =
    signed === undefined ? ['it is no Sigstore bundle'] : differences(signed.digests, digests);
  if (wrong.length === 0) return;
  throw new ConfigurationError('bundle-differs', 'The attestation is about other files.', {
    checked: wrong,
    remedy: 'Attest the checksums that `verify --out` wrote for this very candidate.',
  });
}
