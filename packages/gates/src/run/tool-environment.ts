/** What lets a program speak to the runner as if it were this action, or to GitHub and AWS as if it were this job. */
const ownNames = new Set([
  'GITHUB_ENV',
  'GITHUB_OUTPUT',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITHUB_PAT',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
]);

/**
 * The environment of the tools and commands of the project: code that nobody has approved yet. It is that of the job,
 * without the tokens, inputs, states and command files of the runner.
 */
export function toolEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name]) => !ownNames.has(name.toUpperCase()) && !/^(?:INPUT|STATE|ACTIONS)_/i.test(name),
  );
  const tokens = new Set(
    Object.entries(env)
      .filter(([name]) => /^(?:GITHUB_TOKEN|GH_TOKEN|ACTIONS_.*TOKEN)$/i.test(name))
      .map(([, value]) => value),
  );
  return Object.fromEntries(
    kept.flatMap(([name, value]) =>
      // The same token may have been exported under another name.
      value === undefined || (value !== '' && tokens.has(value)) ? [] : [[name, value]],
    ),
  );
}
