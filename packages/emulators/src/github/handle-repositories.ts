import { paged, GitHubProblem, notFound, repositoryOf } from './call.ts';
import type { Call, Handler } from './call.ts';
import { renderProfile, renderRepository, repositoryUrl } from './render-accounts.ts';
import { renderBranchPolicies, renderEnvironment } from './render-deployments.ts';
import { renderCommit } from './render-runs.ts';
import { account, resolveCommit } from './world.ts';
import type { EnvironmentRecord, RepositoryRecord } from './world.ts';
import type { GitHubCommit } from './types.ts';

function environmentOf(call: Call, repository: RepositoryRecord): EnvironmentRecord {
  const name = call.parameters['environment_name'] ?? '';
  const environment = repository.environments.get(name.toLowerCase());
  if (environment === undefined) throw notFound();
  return environment;
}

/** Commits reachable from one, itself first. */
function history(repository: RepositoryRecord, head: GitHubCommit): Map<string, GitHubCommit> {
  const seen = new Map<string, GitHubCommit>();
  const queue = [head];
  for (let commit = queue.shift(); commit !== undefined; commit = queue.shift()) {
    if (seen.has(commit.sha)) continue;
    seen.set(commit.sha, commit);
    for (const sha of commit.parents) {
      const parent = repository.commits.get(sha);
      if (parent !== undefined) queue.push(parent);
    }
  }
  return seen;
}

function comparisonStatus(ahead: number, behind: number): string {
  if (ahead === 0 && behind === 0) return 'identical';
  if (ahead > 0 && behind > 0) return 'diverged';
  return ahead > 0 ? 'ahead' : 'behind';
}

const compare: Handler = (call) => {
  const repository = repositoryOf(call);
  const [baseName, headName] = (call.parameters['basehead'] ?? '').split('...');
  if (baseName === undefined || headName === undefined) throw notFound();
  const base = resolveCommit(repository, baseName);
  const head = resolveCommit(repository, headName);
  if (base === undefined || head === undefined) throw notFound();
  const ofBase = history(repository, base);
  const ofHead = history(repository, head);
  const mergeBase = [...ofHead.values()].find((commit) => ofBase.has(commit.sha));
  if (mergeBase === undefined) {
    throw new GitHubProblem(404, `No common ancestor between ${baseName} and ${headName}.`);
  }
  const ahead = [...ofHead.values()].filter((commit) => !ofBase.has(commit.sha)).toReversed();
  const behind = [...ofBase.keys()].filter((sha) => !ofHead.has(sha)).length;
  // Without paging GitHub sends the newest 250.
  const asked = 'page' in call.query || 'per_page' in call.query;
  const { page, headers } = asked
    ? paged(call, ahead)
    : { page: ahead.slice(-250), headers: undefined };
  const url = `${repositoryUrl(call.world, repository)}/compare/${baseName}...${headName}`;
  const web = `${call.world.url}/${repository.fullName}/compare/${baseName}...${headName}`;
  const render = (commit: GitHubCommit) => renderCommit(call.world, repository, commit);
  return {
    status: 200,
    ...(headers === undefined ? {} : { headers }),
    body: {
      url,
      html_url: web,
      permalink_url: web,
      diff_url: `${web}.diff`,
      patch_url: `${web}.patch`,
      base_commit: render(base),
      merge_base_commit: render(mergeBase),
      status: comparisonStatus(ahead.length, behind),
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: page.map(render),
    },
  };
};

/** Repositories, environments, history and people. */
export const repositoryHandlers: Readonly<Record<string, Handler>> = {
  'repos/get': (call) => ({
    status: 200,
    body: renderRepository(call.world, repositoryOf(call)),
  }),
  'repos/get-all-environments': (call) => {
    const repository = repositoryOf(call);
    const all = [...repository.environments.values()];
    const { page, headers } = paged(call, all);
    return {
      status: 200,
      headers,
      body: {
        total_count: all.length,
        environments: page.map((one) => renderEnvironment(call.world, repository, one)),
      },
    };
  },
  'repos/get-environment': (call) => {
    const repository = repositoryOf(call);
    const environment = environmentOf(call, repository);
    return { status: 200, body: renderEnvironment(call.world, repository, environment) };
  },
  'repos/list-deployment-branch-policies': (call) => {
    const policies = renderBranchPolicies(environmentOf(call, repositoryOf(call)));
    const { page, headers } = paged(call, policies);
    return {
      status: 200,
      headers,
      body: { total_count: policies.length, branch_policies: page },
    };
  },
  'actions/list-environment-variables': (call) => {
    const environment = environmentOf(call, repositoryOf(call));
    const variables = Object.entries(environment.variables);
    const { page, headers } = paged(call, variables, 10);
    const at = new Date(environment.updatedAt).toISOString();
    return {
      status: 200,
      headers,
      body: {
        total_count: variables.length,
        variables: page.map(([name, value]) => ({ name, value, created_at: at, updated_at: at })),
      },
    };
  },
  'repos/compare-commits-with-basehead': compare,
  'repos/list-branches': (call) => {
    const repository = repositoryOf(call);
    const branches = [...repository.refs]
      .filter(([ref]) => ref.startsWith('refs/heads/'))
      .map(([ref, sha]) => ({ name: ref.slice('refs/heads/'.length), sha }))
      .map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${repositoryUrl(call.world, repository)}/commits/${sha}` },
        protected: repository.protectedBranches.includes(name),
      }));
    const asked = call.query['protected'];
    const chosen = branches.filter(
      (branch) => asked === undefined || String(branch.protected) === asked,
    );
    const { page, headers } = paged(call, chosen);
    return { status: 200, headers, body: page };
  },
  'repos/get-commit': (call) => {
    const repository = repositoryOf(call);
    const ref = call.parameters['ref'] ?? '';
    const commit = resolveCommit(repository, ref);
    if (commit === undefined) throw new GitHubProblem(422, `No commit found for SHA: ${ref}`);
    return { status: 200, body: renderCommit(call.world, repository, commit) };
  },
  'git/get-ref': (call) => {
    const repository = repositoryOf(call);
    const ref = `refs/${call.parameters['ref'] ?? ''}`;
    const sha = repository.refs.get(ref);
    if (sha === undefined) throw notFound();
    const base = `${repositoryUrl(call.world, repository)}/git`;
    return {
      status: 200,
      body: {
        ref,
        node_id: `REF_${Buffer.from(ref).toString('base64url')}`,
        url: `${base}/${ref}`,
        object: { type: 'commit', sha, url: `${base}/commits/${sha}` },
      },
    };
  },
  'users/get-authenticated': (call) => {
    if (call.principal?.kind !== 'user') {
      throw new GitHubProblem(403, 'Resource not accessible by integration');
    }
    return {
      status: 200,
      body: renderProfile(call.world, account(call.world, call.principal.login)),
    };
  },
  'users/get-by-username': (call) => {
    const user = call.world.users.get((call.parameters['username'] ?? '').toLowerCase());
    if (user === undefined) throw notFound();
    return { status: 200, body: renderProfile(call.world, user) };
  },
};
