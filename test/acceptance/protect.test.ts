import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GitHubProtection } from '@gatewright/emulators';
import { set } from './harness-policy.ts';
import { repository } from './harness-role.ts';
import { runAction } from './harness-runner.ts';
import type { Job } from './harness-runner.ts';
import { startStage } from './harness-stage.ts';
import type { Stage } from './harness-stage.ts';
import { refusal, success, told } from './harness-told.ts';

const asDeclared: GitHubProtection = {
  reviewers: { users: ['octo-reviewer'] },
  preventSelfReview: true,
  canAdminsBypass: false,
  waitMinutes: 5,
  branches: ['main'],
};

let stage: Stage;
let policyPath: string;

beforeAll(async () => {
  stage = await startStage({ hosts: 1 });
  policyPath = await stage.policy(
    set(['protection'], {
      reviewers: ['user:octo-reviewer'],
      'prevent-self-review': true,
      'wait-minutes': 5,
      branches: ['main'],
    }),
  );
  // Before anything is broken: credentials of an environment that could be deployed to.
  await stage.credentials();
});
afterAll(() => stage.stop());

let awsCalls = 0;
beforeEach(() => {
  awsCalls = stage.aws.journal().length;
  live(asDeclared);
});
/** Whatever the verdict is: this action comes before any credential, and calls AWS for nothing. */
function expectNoAwsCall(): void {
  expect(stage.aws.journal()).toHaveLength(awsCalls);
}
afterEach(expectNoAwsCall);

function live(protection: GitHubProtection): void {
  stage.github.setEnvironment(repository, { name: 'staging', protection });
}

async function protect(over: Partial<Job> = {}) {
  const inputs = { environment: 'staging', 'policy-path': policyPath };
  return runAction('protect-environment', await stage.job(over), inputs);
}

describe('an environment that is as strict as declared', () => {
  it('passes, and opens the way to AWS', async () => {
    const end = await protect();
    expect(told(end)).toEqual(success('environment-protected'));
    expect(end.outputs).toMatchObject({
      'aws-region': 'eu-west-1',
      'role-to-assume': 'arn:aws:iam::111122223333:role/gatewright-deploy-staging',
    });
  });

  it('passes when it is stricter', async () => {
    live({ ...asDeclared, waitMinutes: 60 });
    expect(told(await protect())).toEqual(success('environment-protected'));
  });
});

describe('an environment that is not', () => {
  const closed = { 'aws-region': '', 'role-to-assume': '', 'environment-url': '' };
  const weaker: [what: string, protection: Partial<GitHubProtection>, mentions: string][] = [
    ['no reviewers', { reviewers: {} }, 'octo-reviewer'],
    ['another reviewer', { reviewers: { users: ['ada-orders'] } }, 'octo-reviewer'],
    ['self review', { preventSelfReview: false }, 'self'],
    ['a shorter wait', { waitMinutes: 1 }, '5'],
    ['any branch', { branches: null }, 'main'],
    ['one more branch', { branches: ['main', 'wip/*'] }, 'wip/*'],
  ];

  it.each(weaker)('is refused for %s', async (_what, protection, mentions) => {
    live({ ...asDeclared, ...protection });
    const end = await protect();
    expect(told(end)).toEqual(refusal('environment-weak', 'fail'));
    expect(end.result.explanation).toContain(mentions);
    expect(end.outputs).toMatchObject(closed);
  });

  it('is refused when it does not exist, and is not made', async () => {
    stage.github.removeEnvironment(repository, 'staging');
    const end = await protect();
    expect(told(end)).toEqual(refusal('environment-missing', 'fail'));
    expect(end.result.explanation).toContain('staging');
    expect(end.outputs).toMatchObject(closed);
    expect(stage.github.journal().filter(({ what }) => /^(?:PUT|POST|PATCH)/u.test(what))).toEqual(
      [],
    );
  });

  it('is refused when the token may not read it', async () => {
    const token = stage.github.token({ repository, permissions: { contents: 'read' } });
    const end = await protect({ token });
    expect(told(end)).toEqual(refusal('environment-unreadable'));
    expect(end.result.explanation).toContain('403');
    expect(end.result.remedy).toContain('actions: read');
    expect(end.outputs).toMatchObject(closed);
    expect(end.everything).not.toContain(token);
  });

  it('is refused to a run that may carry foreign code, without a look at GitHub', async () => {
    const before = stage.github.journal().length;
    const end = await protect({
      eventName: 'pull_request',
      event: { pull_request: { head: { repo: { full_name: 'mallory/orders' } } } },
    });
    expect(told(end)).toEqual(refusal('untrusted-context', 'fail'));
    expect(end.outputs).toMatchObject(closed);
    expect(stage.github.journal()).toHaveLength(before);
  });
});

describe('GitHub in trouble', () => {
  it('is tried again when it fails for a moment', async () => {
    stage.github.fault({ path: /environments/u, answer: { status: 502 } });
    expect(told(await protect())).toEqual(success('environment-protected'));
  });
});
