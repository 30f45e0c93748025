import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contract as auditContract } from '../../actions/audit-gate/src/contract.ts';
import { contract as lintContract } from '../../actions/lint-gate/src/contract.ts';
import { contract as testContract } from '../../actions/test-gate/src/contract.ts';
import { openGateJob } from './harness-gates.ts';
import type { GateJob } from './harness-gates.ts';

let job: GateJob;
beforeAll(async () => {
  job = await openGateJob();
});
afterAll(() => job.stop());

/** A value that each input refuses; every path is one that the file system refuses as well. */
const wrong: Readonly<Record<string, string>> = {
  reports: '../elsewhere/*.xml',
  command: 'npm test',
  'working-directory': 'a\u0007b',
  'timeout-seconds': '1m',
  'policy-path': 'a\u0007b',
  'waivers-path': 'a\u0007b',
  'base-result-path': 'a\u0007b',
  'sarif-path': 'a\u0007b',
  'diff-base': '--output=x',
  format: 'odd',
  'fail-on': 'errors',
  'coverage-reports': '/etc/passwd',
  'coverage-metric': 'lines',
  'coverage-minimum': '70%',
  'changed-coverage-minimum': '101',
  'fail-on-severity': 'medium',
  'unknown-severity': 'ignore',
  'severity-snapshot': 'a\u0007b',
};

describe.each([lintContract, testContract, auditContract])('$name', (contract) => {
  const codecs = Object.entries(contract.inputs);

  it('refuses a wrong value of every input at once, one line each, with what is accepted', async () => {
    const inputs = Object.fromEntries(codecs.map(([name]) => [name, wrong[name] ?? '']));
    const end = await job.run(contract.name, inputs);
    expect(end.exitCode).toBe(1);
    expect(end.outputs).toMatchObject({ verdict: 'error', 'reason-code': 'input-invalid' });
    const lines = end.result.checked;
    expect(lines).toHaveLength(codecs.length);
    for (const [name, { accepted }] of codecs) {
      const line = lines.find((text) => text.startsWith(`${name}: got `));
      expect(line).toContain(`accepted: ${accepted}`);
      expect(line).not.toContain('\n');
    }
  });
});

describe('a policy of the base branch', () => {
  const policy = `version: 1
environments:
  staging:
    protection: none
    aws: { region: eu-west-1, role-to-assume: "arn:aws:iam::111122223333:role/r", artifact-bucket: bucket }
    targets: { tags: { app: orders } }
    strategy: { kind: all-at-once }
gates:
  lint: { fail-on: warning }
`;
  const clean = '[]\n';

  it('can be tightened by inputs, not loosened', async () => {
    job.write({ 'base/policy.yml': policy, 'r.json': clean });
    const inputs = { reports: 'r.json', format: 'ruff-json', 'policy-path': 'base/policy.yml' };
    const stricter = await job.run('lint-gate', { ...inputs, 'fail-on': 'note' });
    expect(stricter.outputs['reason-code']).toBe('gate-passed');
    const milder = await job.run('lint-gate', { ...inputs, 'fail-on': 'error' });
    expect(milder.outputs['reason-code']).toBe('policy-loosened');
    expect(milder.result.explanation).toBe(
      'fail-on: error asks for less than gates.lint.fail-on: warning of base/policy.yml.',
    );
  });

  it('holds although the change alters it, which is told', async () => {
    job.write({
      'base/policy.yml': policy,
      '.github/gatewright/policy.yml': policy.replace('warning', 'error'),
      '.github/gatewright/waivers.yml': 'version: 1\nwaivers: []\n',
      'r.txt': 'src/a.c:3:1: warning: odd [-Wodd]\n',
    });
    const inputs = { reports: 'r.txt', 'policy-path': 'base/policy.yml' };
    const end = await job.run('lint-gate', inputs);
    expect(end.outputs['reason-code']).toBe('lint-failed');
    expect(end.result['notes']).toContain(
      'This change alters .github/gatewright/policy.yml; that is not obeyed until it is merged.',
    );
    expect(end.result['policy']).toMatchObject({ source: 'base/policy.yml' });
  });

  it('must be there when it is named', async () => {
    const end = await job.run('lint-gate', { reports: 'r.json', 'policy-path': 'gone.yml' });
    expect(end.outputs['reason-code']).toBe('policy-missing');
  });
});

it('a pull request from a fork gets the same verdict, with nothing but its files', async () => {
  const event = {
    pull_request: { head: { repo: { full_name: 'mallory/orders' } } },
    repository: { full_name: 'acme/orders' },
  };
  const fork = await openGateJob({ job: { eventName: 'pull_request', event, token: 'read-only' } });
  const report =
    '[{"filePath":"a.js","messages":[{"ruleId":"x","severity":2,"message":"m","line":1,"column":1}],"suppressedMessages":[],"errorCount":1,"fatalErrorCount":0,"warningCount":0,"fixableErrorCount":0,"fixableWarningCount":0}]\n';
  for (const one of [job, fork]) one.write({ 'r.json': report });
  const [own, theirs] = [
    await job.run('lint-gate', { reports: 'r.json' }),
    await fork.run('lint-gate', { reports: 'r.json' }),
  ];
  expect(theirs.outputs['reason-code']).toBe('lint-failed');
  expect(theirs.result.explanation).toBe(own.result.explanation);
  expect(theirs.result['findings']).toEqual(own.result['findings']);
  await fork.stop();
});
