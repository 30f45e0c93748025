import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { environment } from './harness-policy.ts';
import { runAction } from './harness-runner.ts';
import type { ActionEnd } from './harness-runner.ts';
import type { PackedRelease, Stage } from './harness-stage.ts';

/** Folds the results of a deploy job into the evidence, as the last job of the workflow does. */
export async function recordEvidence(
  stage: Stage,
  release: PackedRelease,
  steps: readonly ActionEnd[],
): Promise<ActionEnd> {
  const directory = join('results', release.version);
  await mkdir(join(stage.workspace, directory), { recursive: true });
  const gates = await runAction('require-gates', await stage.job({ env: {} }), {
    environment,
    'policy-path': await stage.policy(),
  });
  for (const { outputs } of [gates, ...steps]) {
    const path = outputs['result-path'] ?? '';
    await cp(path, join(stage.workspace, directory, basename(path)));
  }
  const good = steps.every(({ exitCode }) => exitCode === 0);
  const { digest } = release;
  const needs = {
    package: { result: 'success', outputs: { digest } },
    brief: { result: 'success', outputs: { digest } },
    deploy: {
      result: good ? 'success' : 'failure',
      outputs: { 'credentials-outcome': 'success', touched: 'true' },
    },
  };
  return runAction('record-evidence', await stage.job({ env: {} }), {
    environment,
    release: release.version,
    'needs-json': JSON.stringify(needs),
    'results-directory': directory,
    'output-directory': join('evidence', release.version),
  });
}
