import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const pairs = 9;

/** Bytes of everything that the runner would load of a bundle. */
export function bundleBytes(root, action) {
  const dist = join(root, 'actions', action, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
}

/**
 * How often longer than an empty script a bundle takes until it exits: the median over pairs of runs A B A B, which hold
 * also while the machine's speed drifts.
 */
export function startUpRatio(root, node24, action, inputs) {
  const scratch = mkdtempSync(join(tmpdir(), 'gatewright-bench-'));
  const empty = join(scratch, 'empty.mjs');
  writeFileSync(empty, '');
  const env = runnerEnvironment(root, action, scratch, inputs);
  const bundle = join(root, 'actions', action, 'dist/index.js');
  try {
    const ratios = Array.from(
      { length: pairs },
      () => seconds(node24, bundle, env) / seconds(node24, empty, env),
    );
    return ratios.toSorted((a, b) => a - b)[Math.floor(pairs / 2)];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function seconds(node, script, env) {
  const before = performance.now();
  const { error } = spawnSync(node, [script], { env, stdio: 'ignore' });
  if (error) throw error;
  return (performance.now() - before) / 1000;
}

function runnerEnvironment(root, action, scratch, inputs) {
  const files = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'];
  for (const name of files) writeFileSync(join(scratch, name), '');
  const event = join(scratch, 'event.json');
  writeFileSync(event, '{}');
  const { inputs: declared } = parse(
    readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8'),
  );
  const given = Object.entries(declared).map(([name, { default: text = '' }]) => [
    `INPUT_${name.toUpperCase()}`,
    inputs[name] ?? (text.includes('${{') ? 'x' : text),
  ]);
  return {
    PATH: '/usr/bin:/bin',
    HOME: scratch,
    RUNNER_TEMP: scratch,
    GITHUB_WORKSPACE: scratch,
    GITHUB_REPOSITORY: 'acme/orders',
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: event,
    GITHUB_ACTOR: 'ada-orders',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'bench',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    ...Object.fromEntries(files.map((name) => [`GITHUB_${name}`, join(scratch, name)])),
    ...Object.fromEntries(given),
  };
}
