import type { AppConfig, Hook } from './app-config.ts';
import type { EnvironmentPolicy } from './policy.ts';
import type { Problem } from './problem.ts';

/**
 * The rules that neither file can keep alone: gatewright.yml of the release against the policy of the environment that
 * it goes to. Pure; an empty list means that they fit.
 */
export function checkTogether(app: AppConfig, environment: EnvironmentPolicy): Problem[] {
  const { hooks } = app;
  const change = sum(hooks.restart === undefined ? [hooks.stop, hooks.start] : [hooks.restart]);
  const forward = sum([hooks.install]) + change + hooks.health.timeoutSeconds;
  // A host that fails after the switch goes back inside the same operation; cut short there, it would be half-switched.
  const back = change + hooks.health.timeoutSeconds;
  const limit = environment.limits.hostTimeoutSeconds;
  if (forward + back <= limit) return [];
  return [
    {
      key: 'limits.host-timeout-seconds',
      message:
        `shorter than the hooks of ${app.app} may take on one host: ${forward} s to the new release ` +
        `and ${back} s back to the old one if it is bad`,
      got: String(limit),
      accepted: `at least ${forward + back}, or shorter timeout-seconds of the hooks in gatewright.yml`,
    },
  ];
}

function sum(hooks: readonly (Hook | undefined)[]): number {
  return hooks.reduce((total, hook) => total + (hook?.timeoutSeconds ?? 0), 0);
}
