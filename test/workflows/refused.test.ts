import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { serving } from '../acceptance/harness-hosts.ts';
import {
  approve,
  conclusions,
  errorsOf,
  evidenceOf,
  jobOf,
  operationsIn,
  outcomes,
  verdictOf,
} from './harness-run.ts';
import type { Attempt, Order } from './harness-run.ts';
import { edited, environment, policy, repository, startStage } from './harness-stage.ts';
import type { Stage } from './harness-stage.ts';

/** Deliveries that are refused before any host is asked. */
let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
}, 60_000);
afterAll(() => stage.stop());
afterEach(() => {
  stage.protect();
  stage.releaseOnMain('1.0.0');
});

const deploy = (over: Partial<Order> = {}): Promise<Attempt> =>
  stage.run({ workflow: 'deploy', inputs: { environment, release: '1.0.0' }, ...over });

/** Stopped in the brief: nobody was asked, and AWS knows nothing of it. */
function expectStopInBrief(attempt: Attempt): void {
  expect(attempt.run.conclusion).toBe('failure');
  expect(conclusions(attempt)).toEqual({
    package: 'success',
    brief: 'failure',
    deploy: 'skipped',
    evidence: 'failure',
  });
  expect(attempt.asked).toEqual([]);
  expect(attempt.calls).toEqual([]);
}

/** Stopped in the deploy job, after the approval or by it. */
function expectStopInDeploy(attempt: Attempt): void {
  expect(attempt.run.conclusion).toBe('failure');
  expect(conclusions(attempt)).toEqual({
    package: 'success',
    brief: 'success',
    deploy: 'failure',
    evidence: 'failure',
  });
  expect(attempt.asked).toMatchObject([{ environment, eligible: ['octo-reviewer'] }]);
}

describe('a reviewer who rejects', () => {
  it('keeps the deploy job from every step, and AWS from every call', async () => {
    const attempt = await deploy({
      decide: ({ runId }) =>
        stage.world.github.reject(runId, environment, { by: 'octo-reviewer', comment: 'Not now.' }),
    });
    expectStopInDeploy(attempt);
    expect(jobOf(attempt, 'deploy').steps).toEqual([]);
    expect(errorsOf(attempt)).toContain('rejected by octo-reviewer: Not now.');
    expect(attempt.calls).toEqual([]);
    expect(verdictOf(attempt)).toBe('error evidence-incomplete');
    expect(await evidenceOf(attempt)).toMatchObject({
      reasonCode: 'evidence-incomplete',
      jobs: { package: 'success', brief: 'success', deploy: 'failure' },
      hosts: [],
    });
  });
});

describe('a run that is cancelled while the approval is awaited', () => {
  it('ends without a step of the deploy job, and says so', async () => {
    const button = new AbortController();
    const attempt = await deploy({ signal: button.signal, decide: () => button.abort() });
    expect(conclusions(attempt)).toEqual({
      package: 'success',
      brief: 'success',
      deploy: 'cancelled',
      evidence: 'failure',
    });
    expect(jobOf(attempt, 'deploy').steps).toEqual([]);
    expect(attempt.calls).toEqual([]);
    expect(verdictOf(attempt)).toBe('error cancelled');
    expect(stage.world.github.pending()).toEqual([]);
  });
});

describe('an environment', () => {
  it('that GitHub does not have ends in the brief, and is not made by it', async () => {
    stage.world.github.removeEnvironment(repository, environment);
    const attempt = await deploy();
    expectStopInBrief(attempt);
    expect(verdictOf(attempt)).toMatch(/ environment-missing$/u);
    expect(await stage.environments()).toEqual(['production']);
  });

  it('that has lost its reviewers ends in the brief', async () => {
    stage.protect({ reviewers: {} });
    const attempt = await deploy();
    expectStopInBrief(attempt);
    expect(verdictOf(attempt)).toBe('fail environment-weak');
    expect(jobOf(attempt, 'brief').summary).toContain('octo-reviewer');
  });

  it('that loses its reviewers while the approval is awaited is denied before credentials', async () => {
    const attempt = await deploy({
      decide: (pending) => {
        stage.protect({ reviewers: {} });
        approve(stage.world, pending);
      },
    });
    expectStopInDeploy(attempt);
    expect(outcomes(attempt, 'deploy')).toMatchObject({
      'Verify the protection of the environment': 'failure',
      'Assume the deploy role': 'skipped',
      'Deploy in waves': 'skipped',
      'Roll back': 'skipped',
    });
    expect(attempt.calls).toEqual([]);
    expect(verdictOf(attempt)).toBe('fail environment-weak');
  });

  it('that the policy does not know ends in the brief, however open GitHub is', async () => {
    stage.world.github.setEnvironment(repository, { name: 'qa' });
    const attempt = await deploy({ inputs: { environment: 'qa', release: '1.0.0' } });
    expectStopInBrief(attempt);
    expect(verdictOf(attempt)).toBe('error environment-undeclared');
    expect(errorsOf(attempt)).toContain('qa');
  });
});

describe('the rules', () => {
  it('come from the default branch, not from the branch that is released', async () => {
    await stage.branch('release/lax', '1.0.0', policy({ protection: 'none' }));
    stage.protect({ reviewers: {} });
    const attempt = await deploy({ ref: 'refs/heads/release/lax' });
    expectStopInBrief(attempt);
    expect(verdictOf(attempt)).toBe('fail environment-weak');
  });

  it('of AWS refuse a role that trusts another environment, and no command is sent', async () => {
    const role = 'arn:aws:iam::111122223333:role/gatewright-deploy-production';
    await stage.branch('main', '1.0.0', policy({ 'aws.role-to-assume': role }));
    const attempt = await deploy();
    expectStopInDeploy(attempt);
    expect(outcomes(attempt, 'deploy')).toMatchObject({
      'Assume the deploy role': 'failure',
      'Deploy in waves': 'skipped',
      'Roll back': 'skipped',
    });
    expect(attempt.calls).toMatchObject([
      { operation: 'AssumeRoleWithWebIdentity', errorCode: 'AccessDenied' },
    ]);
    expect(verdictOf(attempt)).toBe('error role-refused');
  });

  it('of GitHub refuse a caller that grants too little, before any job', async () => {
    const caller = edited('.github/workflows/deploy.yml', (document) => {
      document.deleteIn(['jobs', 'deploy', 'permissions', 'id-token']);
    });
    await stage.branch('release/tokenless', '1.0.0', caller);
    const attempt = await deploy({ ref: 'refs/heads/release/tokenless' });
    expect(attempt.run.conclusion).toBe('startup_failure');
    expect(attempt.run.jobs).toEqual([]);
    expect(errorsOf(attempt)).toContain(
      "is requesting 'id-token: write', but is only allowed 'id-token: none'",
    );
    expect([attempt.asked, attempt.calls]).toEqual([[], []]);
  });
});

describe('an artifact that is changed after the brief', () => {
  it.each([
    ['alone', (release: string) => appendFileSync(join(release, 'release.tar.gz'), 'more')],
    ['together with its manifest', forge],
  ])('%s is refused before a call of SSM or S3', async (_, change) => {
    const attempt = await tampered(change);
    expectStopInDeploy(attempt);
    expect(outcomes(attempt, 'deploy')).toMatchObject({
      'Deploy in waves': 'failure',
      'Smoke test': 'skipped',
      'Roll back': 'skipped',
    });
    // The job has the credentials by then, and does not use them.
    expect(operationsIn(attempt.calls)).toEqual(['AssumeRoleWithWebIdentity']);
    expect(verdictOf(attempt)).toMatch(/ digest-mismatch$/u);
  });
});

it('leaves every host as it was', async () => {
  const nothing = serving(null);
  expect(await stage.look()).toEqual({
    'staging-1': nothing,
    'staging-2': nothing,
    'staging-3': nothing,
  });
  expect(stage.world.aws.commandIds()).toEqual([]);
});

/** Changes the packed release in the run's artifact store at the moment the deploy job starts. */
function tampered(change: (release: string) => void): Promise<Attempt> {
  let run = '';
  return deploy({
    observe: (event) => {
      if (event.kind === 'run-started') run = event.runId;
      if (event.kind !== 'job-started' || !event.job.endsWith('/ deploy')) return;
      change(join(stage.workRoot, `run-${run}`, 'artifacts/gatewright-release'));
    },
  });
}

/** Another archive and a manifest that fits it: only the digest that was approved tells. */
function forge(release: string): void {
  const archive = join(release, 'release.tar.gz');
  appendFileSync(archive, 'more');
  const bytes = readFileSync(archive);
  const manifest = join(release, 'manifest.json');
  const told: object = JSON.parse(readFileSync(manifest, 'utf8'));
  const digest = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(manifest, JSON.stringify({ ...told, digest, bytes: bytes.length }));
}
