import { compareContracts } from './compare-contracts.ts';
import type { ContractChange } from './compare-contracts.ts';
import { levelOfAll, readCommit } from './commit.ts';
import type { Entry, RawCommit } from './commit.ts';
import type { ContractDocument } from './contracts.ts';
import { bump, compareVersions, firstVersion, formatVersion, highest } from './version.ts';
import type { Level, Version } from './version.ts';

/** What a plan is made from; all of it stands in the repository. */
export interface PlanFacts {
  /** The version before, and the contracts at its commit. */
  readonly previous:
    { readonly version: Version; readonly contracts: ContractDocument } | undefined;
  /** Every version that has a tag. */
  readonly versions: readonly Version[];
  /** Since the version before, oldest first. */
  readonly commits: readonly RawCommit[];
  readonly contracts: ContractDocument;
  /** What a person asks for; it can only raise the level. */
  readonly asked?: Level | undefined;
}

/** Why a version must not be published, with a stable code. */
export interface Refusal {
  readonly code: 'breaking-without-major' | 'publish-refused';
  readonly text: string;
}

export interface ReleasePlan {
  readonly version: Version;
  readonly previous: Version | undefined;
  readonly entries: readonly Entry[];
  readonly contractChanges: readonly ContractChange[];
  /** None: it may be published. */
  readonly refusals: readonly Refusal[];
}

/** The next version, and what is in it. Commit words choose the version; the contracts must agree with it. */
export function planRelease(facts: PlanFacts): ReleasePlan {
  const entries = facts.commits.flatMap(readCommit);
  const { previous } = facts;
  if (previous === undefined) {
    return conclude(facts, { version: firstVersion, entries, contractChanges: [], level: 'major' });
  }
  const contractChanges = compareContracts(previous.contracts, facts.contracts);
  // What callers did not have before is a feature, whatever the commits say.
  const added = contractChanges.some(({ breaking }) => !breaking);
  const said = [levelOfAll(entries), facts.asked, added ? ('minor' as const) : undefined];
  const level = highest(said.flatMap((one) => one ?? []));
  const version = bump(previous.version, level ?? 'patch');
  return conclude(facts, { version, entries, contractChanges, level });
}

function conclude(
  facts: PlanFacts,
  plan: Pick<ReleasePlan, 'version' | 'entries' | 'contractChanges'> & {
    readonly level: Level | undefined;
  },
): ReleasePlan {
  const { level, ...rest } = plan;
  return {
    ...rest,
    previous: facts.previous?.version,
    refusals: [
      ...(level === undefined
        ? [refuse('No commit since the last version changes anything for callers.')]
        : []),
      ...refuseOld(facts, plan.version),
      ...refuseBreaks(plan.contractChanges, level),
    ],
  };
}

function refuse(text: string): Refusal {
  return { code: 'publish-refused', text };
}

function refuseOld({ versions }: PlanFacts, version: Version): readonly Refusal[] {
  const newest = versions.toSorted(compareVersions).at(-1);
  if (newest === undefined || compareVersions(version, newest) > 0) return [];
  return [refuse(`${formatVersion(version)} is not newer than ${formatVersion(newest)}.`)];
}

function refuseBreaks(
  changes: readonly ContractChange[],
  level: Level | undefined,
): readonly Refusal[] {
  const broken = changes.filter(({ breaking }) => breaking);
  if (broken.length === 0 || level === 'major') return [];
  const list = broken.map(({ scope, text }) => `${scope}: ${text}`).join(' ');
  return [
    {
      code: 'breaking-without-major',
      text: `The contracts break callers, but no commit says so: ${list} Mend them, or ask for --level major.`,
    },
  ];
}
