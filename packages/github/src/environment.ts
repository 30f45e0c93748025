import * as z from 'zod';
import type { Client, Result } from './client.ts';
import { describeFailure, explainFailure, isRefusal } from './failure.ts';
import type { Failure } from './failure.ts';

/** Somebody who may approve; one of the reviewers has to. */
export interface EnvironmentReviewer {
  readonly type: 'user' | 'team';
  /** Login, or slug of the team. */
  readonly name: string;
}

/** The rules of a live environment. */
export interface EnvironmentProtection {
  readonly reviewers: readonly EnvironmentReviewer[];
  readonly preventSelfReview: boolean;
  readonly waitMinutes: number;
  /** Which refs may deploy; a pattern of tags is written `refs/tags/…`. */
  readonly branches: 'any' | 'protected' | readonly string[];
  /**
   * Names of the branches with branch protection, read only where `branches` is `protected`: GitHub lets *every* branch
   * deploy as long as there is none. `undefined`: could not be read, or was not needed.
   */
  readonly protectedBranches: readonly string[] | undefined;
  /** `undefined`: the server does not say. */
  readonly adminsMayBypass: boolean | undefined;
  /** Types of rules that are none of the above, for example those of an app. */
  readonly otherRules: readonly string[];
}

export type EnvironmentReading =
  | { readonly kind: 'found'; readonly name: string; readonly protection: EnvironmentProtection }
  /** GitHub listed the environments, and this one is not among them. */
  | { readonly kind: 'missing'; readonly existing: readonly string[] }
  | {
      readonly kind: 'unreadable';
      readonly status: number;
      readonly why: string;
      readonly remedy: string | undefined;
    };

const reviewer = z.union([
  z
    .object({ type: z.literal('User'), reviewer: z.object({ login: z.string() }) })
    .transform(({ reviewer: user }) => ({ type: 'user' as const, name: user.login })),
  z
    .object({ type: z.literal('Team'), reviewer: z.object({ slug: z.string() }) })
    .transform(({ reviewer: team }) => ({ type: 'team' as const, name: team.slug })),
]);

const rule = z.object({
  type: z.string(),
  wait_timer: z.int().optional(),
  prevent_self_review: z.boolean().optional(),
  reviewers: z.array(reviewer).optional(),
});

const environment = z.object({
  name: z.string(),
  can_admins_bypass: z.boolean().optional(),
  protection_rules: z.array(rule).default([]),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
});
type LiveEnvironment = z.infer<typeof environment>;

const environmentList = z.object({
  total_count: z.int(),
  environments: z.array(z.object({ name: z.string() })),
});

const policyList = z.object({
  total_count: z.int(),
  branch_policies: z.array(z.object({ name: z.string(), type: z.string().optional() })),
});

const branchList = z.array(z.object({ name: z.string() }));

const scope = 'actions: read';
const root = 'GET /repos/{owner}/{repo}/environments' as const;
const pageSize = 100;

/** See {@link GitHub.readEnvironment}. */
export async function readEnvironment(client: Client, name: string): Promise<EnvironmentReading> {
  const parameters = { environment_name: name };
  const found = await client.tryGet(
    { route: `${root}/{environment_name}`, parameters, scope },
    environment,
  );
  if (!found.ok) {
    return found.status === 404 ? confirmMissing(client, name, found) : unreadable(found);
  }
  const live = found.value;
  const branches = await readBranches(client, live);
  if (!branches.ok) return unreadable(branches);
  return {
    kind: 'found',
    name: live.name,
    protection: {
      ...rulesOf(live),
      branches: branches.value,
      protectedBranches:
        branches.value === 'protected' ? await readProtectedBranches(client) : undefined,
      adminsMayBypass: live.can_admins_bypass,
    },
  };
}

function unreadable(failure: Failure): EnvironmentReading {
  const { status } = failure;
  // Without an answer, or after all retries, this is trouble with the service and not with this environment.
  if (status === undefined || (!isRefusal(failure) && status !== 404))
    throw explainFailure(failure);
  const why = describeFailure(failure);
  const remedy =
    status === 404
      ? 'See that the token belongs to this repository: GitHub answers 404 to who may not see it.'
      : explainFailure(failure).remedy;
  return { kind: 'unreadable', status, why, remedy };
}

/** A 404 also hides what a token may not see, so the list has to say that the environment is not there. */
async function confirmMissing(
  client: Client,
  name: string,
  failure: Failure,
): Promise<EnvironmentReading> {
  const existing = await readNames(client);
  if (!existing.ok) return unreadable(existing);
  const wanted = name.toLowerCase();
  const isListed = existing.value.some((candidate) => candidate.toLowerCase() === wanted);
  return isListed ? unreadable(failure) : { kind: 'missing', existing: existing.value };
}

async function readNames(client: Client): Promise<Result<readonly string[]>> {
  return readPages(async (page) => {
    const parameters = { per_page: pageSize, page };
    const answer = await client.tryGet({ route: root, parameters, scope }, environmentList);
    return answer.ok
      ? { ok: true, value: answer.value.environments.map((one) => one.name) }
      : answer;
  });
}

function rulesOf(live: LiveEnvironment) {
  const known = ['wait_timer', 'required_reviewers', 'branch_policy'];
  const rules = live.protection_rules;
  const reviews = rules.filter((one) => one.type === 'required_reviewers');
  return {
    reviewers: reviews.flatMap((one) => one.reviewers ?? []),
    preventSelfReview: reviews.some((one) => one.prevent_self_review === true),
    waitMinutes: Math.max(0, ...rules.map((one) => one.wait_timer ?? 0)),
    otherRules: rules.map((one) => one.type).filter((type) => !known.includes(type)),
  };
}

async function readBranches(
  client: Client,
  live: LiveEnvironment,
): Promise<Result<EnvironmentProtection['branches']>> {
  const policy = live.deployment_branch_policy;
  if (policy === null || policy === undefined) return { ok: true, value: 'any' };
  if (policy.protected_branches) return { ok: true, value: 'protected' };
  return readPages(async (page) => {
    const answer = await client.tryGet(
      {
        route: `${root}/{environment_name}/deployment-branch-policies`,
        parameters: { environment_name: live.name, per_page: pageSize, page },
        scope,
      },
      policyList,
    );
    if (!answer.ok) return answer;
    const names = answer.value.branch_policies.map((one) =>
      one.type === 'tag' ? `refs/tags/${one.name}` : one.name,
    );
    return { ok: true, value: names };
  });
}

async function readProtectedBranches(client: Client): Promise<readonly string[] | undefined> {
  const names = await readPages(async (page) => {
    const answer = await client.tryGet(
      {
        route: 'GET /repos/{owner}/{repo}/branches',
        parameters: { protected: true, per_page: pageSize, page },
        scope: 'contents: read',
      },
      branchList,
    );
    return answer.ok ? { ok: true, value: answer.value.map((one) => one.name) } : answer;
  });
  return names.ok ? names.value : undefined;
}

async function readPages(
  readPage: (page: number) => Promise<Result<string[]>>,
): Promise<Result<string[]>> {
  const all: string[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await readPage(page);
    if (!answer.ok) return answer;
    all.push(...answer.value);
    if (answer.value.length < pageSize) return { ok: true, value: all };
  }
}
