import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { awsVariables } from './harness-credentials.ts';
import { commandsSent, deliver, startServingStage, takeBack } from './harness-delivery.ts';
import type { DeliveryChange, ServingStage } from './harness-delivery.ts';
import { serving } from './harness-hosts.ts';
import { set } from './harness-policy.ts';
import type { Edit } from './harness-policy.ts';
import type { PackedRelease } from './harness-stage.ts';
import { refusal, told } from './harness-told.ts';

/** What a deploy role can lack, and the call that then fails. */
const lacks = [
  'ssm:DescribeDocument',
  's3:PutObject',
  'ssm:DescribeInstanceInformation',
  'ssm:GetParametersByPath',
  'ssm:PutParameter',
  'ssm:SendCommand',
] as const;

let stage: ServingStage;
let next: PackedRelease;

beforeAll(async () => {
  stage = await startServingStage({ lacking: lacks.map((action) => [action]) });
  next = await stage.pack('1.1.0');
});
afterAll(() => stage.stop());

/** Refused is refused: no host was changed and no lock was left, whatever the reason. */
async function expectNothingChanged(): Promise<void> {
  stage.aws.faults.clear();
  expect(await stage.look()).toEqual({ 'web-1': serving('1.0.0'), 'web-2': serving('1.0.0') });
  const locks = Object.entries(stage.aws.parameters()).filter(([name]) => name.includes('/lock/'));
  expect(locks.filter(([, value]) => JSON.parse(value).state !== 'released')).toEqual([]);
}
afterEach(expectNothingChanged);

/** Tries to deliver 1.1.0; gives the calls to AWS beside. */
async function attempt(change: DeliveryChange = {}) {
  const job = { env: await stage.credentials(), ...change.job };
  const { value: end, calls } = await stage.calls(() => deliver(stage, next, { ...change, job }));
  expect(end.outputs).not.toMatchObject({ touched: 'true' });
  return { end, calls };
}

describe('bytes that are not the approved ones', () => {
  let copy: PackedRelease;
  const archive = () => join(stage.workspace, copy.directory, 'release.tar.gz');
  beforeAll(async () => {
    copy = { ...next, directory: 'releases/copy' };
    await cp(join(stage.workspace, next.directory), join(stage.workspace, copy.directory), {
      recursive: true,
    });
  });

  async function refused(change: DeliveryChange, reasonCode: string) {
    const inputs = { 'manifest-path': join(copy.directory, 'manifest.json'), ...change.inputs };
    const { end, calls } = await attempt({ inputs });
    expect(told(end)).toEqual(refusal(reasonCode));
    expect(calls).toEqual([]);
    return end;
  }

  it('are refused when another release was approved', async () => {
    const end = await refused({ inputs: { 'expected-digest': 'a'.repeat(64) } }, 'digest-mismatch');
    expect(end.result.checked.join('\n')).toContain('a'.repeat(64));
    expect(end.result.checked.join('\n')).toContain(next.digest);
  });

  it('are refused when the archive was changed', async () => {
    const bytes = await readFile(archive());
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(archive(), bytes);
    const end = await refused({}, 'digest-mismatch');
    expect(end.result.explanation).toContain('1.1.0');
  });

  it('are missed when the archive is not there', async () => {
    await rm(archive());
    const end = await refused({}, 'artifact-missing');
    expect(end.result.explanation).toContain('release.tar.gz');
  });
});

it('a run that may carry foreign code does not deploy, and calls nothing', async () => {
  const event = { pull_request: { head: { repo: { full_name: 'mallory/orders' } } } };
  const { end, calls } = await attempt({ job: { eventName: 'pull_request', event } });
  expect(told(end)).toEqual(refusal('untrusted-context', 'fail'));
  expect(calls).toEqual([]);
});

describe('the fleet', () => {
  it('has no host that matches', async () => {
    const policyPath = await stage.policy(set(['targets', 'tags', 'App'], 'invoices'));
    const { end, calls } = await attempt({ policyPath });
    expect(told(end)).toEqual(refusal('no-host-matches', 'fail'));
    expect(commandsSent(calls, 'preflight')).toEqual([]);
  });

  it('has too few hosts', async () => {
    const policyPath = await stage.policy(set(['targets', 'minimum-hosts'], 5));
    const { end, calls } = await attempt({ policyPath });
    expect(told(end)).toEqual(refusal('too-few-hosts', 'fail'));
    expect(end.result.explanation).toContain('2 of at least 5');
    expect(calls.filter(({ operation }) => operation === 'SendCommand')).toEqual([]);
  });

  it('has a host that is offline', async () => {
    const [, second] = stage.hosts;
    await stage.aws.setOnline(second?.id ?? '', false);
    const { end, calls } = await attempt();
    await stage.aws.setOnline(second?.id ?? '', true);
    expect(told(end)).toEqual(refusal('host-offline'));
    expect(end.result.checked.join('\n')).toContain(second?.id);
    expect(calls.filter(({ operation }) => operation === 'SendCommand')).toEqual([]);
  });
});

describe('the document', () => {
  const bad: [what: string, edit: Edit, reasonCode: string, mentions: string][] = [
    [
      'is not the pinned one',
      set(['aws', 'document', 'sha256'], 'd'.repeat(64)),
      'document-hash-mismatch',
      'd'.repeat(64),
    ],
    [
      'does not exist',
      set(['aws', 'document', 'name'], 'Gatewright-Other'),
      'document-missing',
      'Gatewright-Other',
    ],
    [
      'has no such version',
      set(['aws', 'document', 'version'], '7'),
      'document-missing',
      'version 7',
    ],
  ];
  it.each(bad)('%s', async (_what, edit, reasonCode, mentions) => {
    const { end, calls } = await attempt({ policyPath: await stage.policy(edit) });
    expect(told(end)).toEqual(refusal(reasonCode));
    const { explanation, checked } = end.result;
    expect([explanation, ...checked].join('\n')).toContain(mentions);
    expect(calls.map(({ operation }) => operation)).toEqual(['DescribeDocument']);
  });
});

describe('a role', () => {
  it.each(lacks)('that lacks %s is refused, and it is named', async (action) => {
    const { end, calls } = await attempt({ job: { env: await stage.credentials([action]) } });
    expect(told(end)).toEqual(refusal('access-denied'));
    const { explanation, checked, remedy } = end.result;
    expect([explanation, ...checked].join('\n')).toContain(action);
    expect(remedy).toContain(action);
    expect(commandsSent(calls, 'apply')).toEqual([]);
    // Whoever cannot read the lock cannot know whether it has to be given back, and says so.
    expect(end.post.exitCode).toBe(action === 'ssm:GetParametersByPath' ? 1 : 0);
  });
});

describe('credentials', () => {
  const secret = 'not/the/secret/of/anybody+at+all/0123456';
  it('that AWS does not know are refused', async () => {
    const env = {
      ...(await stage.credentials()),
      AWS_ACCESS_KEY_ID: 'ASIAUNKNOWNUNKNOWN00',
      AWS_SECRET_ACCESS_KEY: secret,
    };
    const { end } = await attempt({ job: { env } });
    expect(told(end)).toEqual(refusal('access-denied'));
    expect(end.result.remedy).toContain('configure-aws-credentials');
    expect(end.everything).not.toContain(secret);
  });

  it('that have expired are refused', async () => {
    stage.aws.faults.add({ operation: 'DescribeDocument', error: 'ExpiredTokenException' });
    const { end } = await attempt();
    expect(told(end)).toEqual(refusal('access-denied'));
    expect(end.result.explanation).toContain('ExpiredTokenException');
  });

  it('that are not there are missed, without a call', async () => {
    const { end, calls } = await attempt({ job: { env: awsVariables(stage.aws.url) } });
    expect(told(end)).toEqual(refusal('access-denied'));
    expect(end.result.explanation).toContain('credentials');
    expect(calls).toEqual([]);
  });
});

describe('a rollback', () => {
  const bad: [what: string, inputs: Record<string, string>, reasonCode: string, says: string][] = [
    ['to a release that nobody verified', { to: '9.9.9' }, 'release-unknown', '9.9.9'],
    ['with nothing to go back to', { to: 'previous' }, 'no-way-back', '1.0.0'],
    ['to nothing', { to: 'nothing' }, 'no-way-back', 'verified'],
  ];
  it.each(bad)('%s is refused', async (_what, inputs, reasonCode, says) => {
    const { value: end, calls } = await stage.calls(() => takeBack(stage, { inputs }));
    expect(told(end)).toEqual(refusal(reasonCode, 'fail'));
    expect(end.result.explanation).toContain(says);
    expect(commandsSent(calls, 'revert')).toEqual([]);
  });
});
