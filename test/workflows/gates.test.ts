import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gateRecord } from '@gatewright/verdict';
import { serving } from '../acceptance/harness-hosts.ts';
import { conclusions, errorsOf, jobOf, outcomes, verdictOf } from './harness-run.ts';
import type { Attempt, Order } from './harness-run.ts';
import { edited, environment, policy, startStage } from './harness-stage.ts';
import type { Stage } from './harness-stage.ts';

/** The gates of the sample application, and deliveries that demand them. */
let stage: Stage;
beforeAll(async () => {
  stage = await startStage(policy({ gates: 'required' }));
}, 60_000);
afterAll(() => stage.stop());

const gated = '.github/workflows/gated-deploy.yml';
const deploy = (release: string, over: Partial<Order> = {}): Promise<Attempt> =>
  stage.run({ workflow: 'gated-deploy', inputs: { environment, release }, ...over });

async function recordOf({ run }: Attempt) {
  const artifact = run.artifacts.find(({ name }) => name === 'gatewright-record');
  const bytes = await readFile(join(artifact?.directory ?? '', 'gate-record.json'));
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { digest, record: gateRecord.parse(JSON.parse(bytes.toString())) };
}

describe('a commit whose gates pass', () => {
  let attempt: Attempt;
  beforeAll(async () => {
    attempt = await deploy('1.0.0');
  }, 120_000);

  it('is delivered, and the reviewer sees what the gates said', () => {
    expect(errorsOf(attempt)).toBe('');
    expect(verdictOf(attempt)).toBe('pass delivered');
    expect(jobOf(attempt, 'brief').summary).toContain('Gates of this commit');
    expect(conclusions(attempt)).toMatchObject({
      lint: 'success',
      test: 'success',
      audit: 'success',
    });
  });

  it('has a record of commit and tree, whose digest the workflow gave out', async () => {
    const { digest, record } = await recordOf(attempt);
    expect(jobOf(attempt, 'verdict').outputs['record-digest']).toBe(digest);
    const { commits } = stage.world;
    expect(record).toMatchObject({
      commit: commits[0]?.sha,
      tree: commits[0]?.tree,
      verdict: 'pass',
    });
    expect(record.gates.test?.counts).toMatchObject({
      tests: 4,
      passed: 4,
      coverage: { metric: 'line', minimum: 80 },
    });
  });

  it('keeps the JUnit report and the coverage', () => {
    const kept = attempt.run.artifacts.find(({ name }) => name === 'gatewright-reports-test');
    expect(kept?.files.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a commit with a failing test', () => {
  it('is not delivered, and AWS is asked nothing', async () => {
    stage.releaseOnMain('1.3.0');
    const attempt = await deploy('1.3.0');
    stage.releaseOnMain('1.0.0');
    expect(conclusions(attempt)).toMatchObject({ test: 'failure', verdict: 'failure' });
    expect(jobOf(attempt, 'verdict').outputs).toMatchObject({
      verdict: 'fail',
      'reason-code': 'gates-failed',
    });
    expect(errorsOf(attempt)).toContain('1 of 5 tests failed');
    expect([attempt.asked, attempt.calls]).toEqual([[], []]);
  });

  it('is refused before any credential, also when the caller deploys come what may', async () => {
    const always = edited(gated, (document) => {
      document.setIn(['jobs', 'deploy', 'if'], '${{ always() }}');
    });
    await stage.branch('release/always', '1.3.0', always);
    const attempt = await deploy('1.3.0', { ref: 'refs/heads/release/always' });
    expect(conclusions(attempt)).toMatchObject({ brief: 'failure', deploy: 'skipped' });
    expect(verdictOf(attempt)).toBe('fail gates-failed');
    expect([attempt.asked, attempt.calls]).toEqual([[], []]);
  });
});

describe('a caller that would do without the gates', () => {
  it.each([
    [
      'does not call them',
      'error gate-record-missing',
      edited(gated, (document) => {
        document.deleteIn(['jobs', 'gates']);
        document.deleteIn(['jobs', 'deploy', 'needs']);
        document.deleteIn(['jobs', 'deploy', 'with', 'gate-record-digest']);
      }),
    ],
    [
      'passes on another digest',
      'fail gate-record-mismatch',
      edited(gated, (document) => {
        document.setIn(['jobs', 'deploy', 'with', 'gate-record-digest'], 'f'.repeat(64));
      }),
    ],
    [
      'says in its own branch that none are required',
      'error gate-record-missing',
      async (tree: string) => {
        await policy({ gates: 'not-required' })(tree);
        await edited(gated, (document) => {
          document.deleteIn(['jobs', 'deploy', 'with', 'gate-record-digest']);
        })(tree);
      },
    ],
  ])('%s: refused in the brief', async (what, verdict, change) => {
    const name = `release/${what.replaceAll(' ', '-')}`;
    await stage.branch(name, '1.0.0', change);
    const attempt = await deploy('1.0.0', { ref: `refs/heads/${name}` });
    expect(outcomes(attempt, 'brief')).toMatchObject({ 'Require the gates': 'failure' });
    expect(verdictOf(attempt)).toBe(verdict);
    expect([attempt.asked, attempt.calls]).toEqual([[], []]);
  });
});

it('left the hosts on the one release that passed', async () => {
  for (const sight of Object.values(await stage.look())) expect(sight).toEqual(serving('1.0.0'));
});
