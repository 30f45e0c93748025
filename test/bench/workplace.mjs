import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { startAws } from '@gatewright/emulators';
import { hostDocument } from '@gatewright/host';
import { parse } from 'yaml';

const commit = '0'.repeat(40);
const noPolicy = [{ 'policy-path': 'absent.yml' }, 'policy-missing'];
const absences = {
  'audit-gate': noPolicy,
  'deploy-ssm': noPolicy,
  'lint-gate': noPolicy,
  'package-release': [{ 'config-path': 'absent.yml' }, 'config-missing'],
  'plan-delivery': noPolicy,
  'protect-environment': noPolicy,
  'require-gates': noPolicy,
  'rollback-ssm': noPolicy,
  'smoke-test': noPolicy,
  'test-gate': noPolicy,
};
/** Of actions that need no input at all. */
const badInputs = {
  'audit-gate': { format: 'odd' },
  'lint-gate': { format: 'odd' },
  'test-gate': { format: 'odd' },
};
const fileCommands = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'];

/**
 * A job in a directory to start bundles in, with inputs that make each action load everything that it has, and the reason code that it
 * then ends with: AWS has no host, GitHub refuses the token, one target serves the release.
 */
export async function openWorkplace(root, node24, directory) {
  const workspace = join(directory, 'workspace');
  cpSync(join(root, 'test/bench/workspace'), workspace, { recursive: true });
  for (const name of fileCommands) writeFileSync(join(directory, name), '');
  writeFileSync(join(directory, 'event.json'), '{}');
  const aws = await startAws({
    region: 'eu-west-1',
    accountId: '111122223333',
    directory: join(directory, 'aws'),
    hosts: [],
    documents: [hostDocument()],
  });
  const peer = createServer(answer).listen(0, '127.0.0.1');
  await once(peer, 'listening');
  const peerUrl = `http://127.0.0.1:${peer.address().port}`;
  const shared = environment({ directory, workspace, awsUrl: aws.url, gitHubUrl: peerUrl });
  const bundle = (action) => join(root, 'actions', action, 'dist/index.js');
  const env = (action, inputs) => ({ ...shared, ...inputVariables(root, action, inputs) });

  const packing = { release: '1.0.0', commit };
  const release = env('package-release', packing);
  execFileSync(node24, [bundle('package-release')], { env: release, stdio: ['ignore', 2, 2] });
  const manifest = readFileSync(join(workspace, 'gatewright-release/manifest.json'), 'utf8');
  const { digest } = JSON.parse(manifest);
  const needs = JSON.stringify({ deploy: { result: 'success', outputs: {} } });
  const here = { environment: 'bench' };
  const absentReports = [{ reports: 'absent.json' }, 'report-missing'];
  const valid = {
    'audit-gate': absentReports,
    'deploy-ssm': [{ ...here, 'expected-digest': digest }, 'no-host-matches'],
    'lint-gate': absentReports,
    'package-release': [packing, 'packaged'],
    'plan-delivery': [here, 'planned'],
    'protect-environment': [here, 'environment-unreadable'],
    'record-evidence': [{ ...here, release: '1.0.0', 'needs-json': needs }, 'evidence-incomplete'],
    'record-gates': [{ 'needs-json': needs }, 'access-denied'],
    'require-gates': [here, 'access-denied'],
    'rollback-ssm': [{ ...here, app: 'bench' }, 'no-host-matches'],
    'smoke-test': [{ ...here, targets: `peer=${peerUrl}` }, 'verified'],
    'test-gate': absentReports,
  };
  return {
    actions: Object.keys(valid),
    bundle,
    badInput: (action) => ({
      env: env(action, badInputs[action] ?? {}),
      reasonCode: 'input-invalid',
    }),
    /** Stops at the first file that is missing, with everything loaded that the work needs. */
    fullLoad(action) {
      const [inputs, reasonCode] = valid[action];
      const [absent, missing] = absences[action] ?? [{}, reasonCode];
      return { env: env(action, { ...inputs, ...absent }), reasonCode: missing };
    },
    wholeRun(action) {
      const [inputs, reasonCode] = valid[action];
      return { env: env(action, inputs), reasonCode };
    },
    /** The reason code of the last run; forgets what all runs have said so far. */
    takeReasonCode() {
      const file = join(directory, 'OUTPUT');
      const [, code] = /^reason-code<<.*\n(.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
      for (const name of fileCommands) writeFileSync(join(directory, name), '');
      return code;
    },
    async close() {
      peer.closeAllConnections();
      peer.close();
      await aws.stop();
    },
  };
}

function answer({ url }, response) {
  const target = url === '/';
  response.writeHead(target ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(target ? { release: '1.0.0' } : { message: 'Bad credentials' }));
}

function environment({ directory, workspace, awsUrl, gitHubUrl }) {
  return {
    PATH: '/usr/bin:/bin',
    HOME: directory,
    RUNNER_TEMP: directory,
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'acme/orders',
    GITHUB_SHA: commit,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: join(directory, 'event.json'),
    GITHUB_ACTOR: 'ada-orders',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'bench',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: gitHubUrl,
    AWS_ENDPOINT_URL: awsUrl,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...Object.fromEntries(fileCommands.map((name) => [`GITHUB_${name}`, join(directory, name)])),
  };
}

/** Inputs and defaults of action.yml, as the runner gives them. */
function inputVariables(root, action, inputs) {
  const declared = parse(readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8')).inputs;
  return Object.fromEntries(
    Object.entries(declared).map(([name, { default: text = '' }]) => [
      `INPUT_${name.toUpperCase()}`,
      inputs[name] ?? (text.includes('${{') ? 'x' : text),
    ]),
  );
}
