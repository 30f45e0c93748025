import { gitIn } from './git/git.ts';

/** How the repository is called, and who is at work. */
export interface RepositoryNames {
  readonly repository: string;
  readonly serverUrl: string;
  readonly builder: string;
}

const remotePattern =
  /^(?:https:\/\/|git@|ssh:\/\/git@)([^/:]+)[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/;

/** From the variables of a GitHub runner, or from the remote of a checkout. */
export async function repositoryFrom(
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): Promise<RepositoryNames> {
  const { GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: serverUrl } = env;
  if (repository !== undefined && serverUrl !== undefined) {
    const workflow = env['GITHUB_WORKFLOW_REF'];
    const builder = `${serverUrl}/${workflow ?? repository}`;
    return { repository, serverUrl, builder };
  }
  const words = ['remote', 'get-url', 'origin'];
  const { stdout } = await gitIn(root, env).run(words, { accept: [0, 2, 128] });
  const [, host = 'github.com', name = 'OWNER/gatewright'] =
    remotePattern.exec(stdout.toString('utf8').trim()) ?? [];
  return {
    repository: repository ?? name,
    serverUrl: serverUrl ?? `https://${host}`,
    builder: 'a checkout outside of GitHub Actions',
  };
}
