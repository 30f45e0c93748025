/**
 * The environment of the build command: that of the job, as a `run:` step would have it. What belongs to this action is
 * left out: with the runner's command files a build could write the action's outputs, such as the digest.
 */
export function buildEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || isOfTheAction(name) ? [] : [[name, value]],
    ),
  );
}

const commandFiles = new Set([
  'GITHUB_ENV',
  'GITHUB_OUTPUT',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
]);

function isOfTheAction(name: string): boolean {
  return commandFiles.has(name) || /^(?:INPUT|STATE|ACTIONS)_/.test(name);
}
