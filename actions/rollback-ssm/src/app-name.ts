import { dirname, join, relative, resolve } from 'node:path';

import { appConfigPath, policyPath, readAppConfig } from '@gatewright/config';
import { ConfigurationError } from '@gatewright/verdict';

/**
 * The application: as given, or as in the gatewright.yml of the checkout in which the policy stands.
 *
 * @throws ConfigurationError `config-missing` or `config-invalid`.
 */
export async function appName(
  workspace: string,
  inputs: { readonly app: string | undefined; readonly policyPath: string },
): Promise<string> {
  if (inputs.app !== undefined) return inputs.app;
  const policy = resolve(workspace, inputs.policyPath);
  const isUsual = policy.endsWith(join('/', policyPath));
  const root = isUsual ? policy.slice(0, -policyPath.length) : dirname(policy);
  const path = relative(workspace, join(root, appConfigPath));
  try {
    return (await readAppConfig(workspace, path)).app;
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.reasonCode !== 'config-missing')
      throw error;
    throw new ConfigurationError(
      'config-missing',
      `which application is to be rolled back? The input app is not given, and ${path} was not found`,
      {
        checked: error.checked,
        remedy: 'Give the input app, or check out gatewright.yml together with the policy.',
        cause: error,
      },
    );
  }
}
