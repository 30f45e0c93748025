import { createClient } from './client.ts';
import type { GitHubClientOptions } from './client.ts';
import { compareCommits, treeOf } from './commits.ts';
import type { Comparison } from './commits.ts';
import { lastSuccessfulDeployment } from './deployments.ts';
import type { SuccessfulDeployment } from './deployments.ts';
import { readEnvironment } from './environment.ts';
import type { EnvironmentReading } from './environment.ts';

/**
 * What actions read from GitHub. Reads only. A lost or broken answer is asked for three times; a throttled one
 * after the time that GitHub's rate limit headers name, if that is a minute at most (our own policy, no plugin).
 */
export interface GitHub {
  /**
   * The live protection of an environment. `missing` only if GitHub listed the environments without it; `unreadable`
   * if the token may not read it. Needs `actions: read`, and `contents: read` to tell whether "protected branches
   * only" means anything.
   *
   * @throws ServiceError `service-error` or `throttled` after the retries.
   */
  readEnvironment(name: string): Promise<EnvironmentReading>;
  /**
   * The newest deployment that succeeded, whatever came after it; `undefined` if none did. Needs `deployments: read`.
   *
   * @throws AccessError `access-denied`, naming the scope. ServiceError `service-error` or `throttled`.
   */
  lastSuccessfulDeployment(environment: string): Promise<SuccessfulDeployment | undefined>;
  /**
   * The commits between two, at most 500 of them. Needs `contents: read`.
   *
   * @throws AccessError `access-denied`, naming the scope. ServiceError `service-error`, also for an unknown commit, or
   *   `throttled`.
   */
  compareCommits(base: string, head: string): Promise<Comparison>;
  /**
   * The git tree of a commit. Needs `contents: read`.
   *
   * @throws AccessError `access-denied`, naming the scope. ServiceError `service-error`, also for an unknown commit, or
   *   `throttled`.
   */
  treeOf(commit: string): Promise<string>;
}

/** The adapter for one repository. */
export function createGitHub(options: GitHubClientOptions): GitHub {
  const client = createClient(options);
  return {
    readEnvironment: (name) => readEnvironment(client, name),
    lastSuccessfulDeployment: (environment) => lastSuccessfulDeployment(client, environment),
    compareCommits: (base, head) => compareCommits(client, base, head),
    treeOf: (commit) => treeOf(client, commit),
  };
}

export type { GitHubClientOptions } from './client.ts';
export type { ComparedCommit, Comparison } from './commits.ts';
export type { SuccessfulDeployment } from './deployments.ts';
export type {
  EnvironmentProtection,
  EnvironmentReading,
  EnvironmentReviewer,
} from './environment.ts';
export { createReleases } from './releases.ts';
export type { Release, ReleaseAsset, ReleaseDraft, Releases } from './releases.ts';
