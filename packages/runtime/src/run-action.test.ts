import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineAction, integer, text } from '@gatewright/contract';
import type { ActionOutcome } from '@gatewright/contract';
import { AccessError } from '@gatewright/verdict';
import { recordingRunner } from './recording-runner.ts';
import type { RecordingRunner } from './recording-runner.ts';
import { runActionOn } from './run-action.ts';
import type { ActionRun } from './run-action.ts';
import type { PostRun } from './run-post.ts';
import { runStepOn } from './run-step.ts';

const contract = defineAction({
  name: 'probe',
  title: 'Gatewright: probe',
  description: 'Probes.',
  permissions: {},
  inputs: {
    'timeout-seconds': integer({ description: 'T.', min: 1, max: 60, default: '5' }),
    'api-token': text({ description: 'A.', secret: true, optional: true }),
  },
  outputs: { 'host-count': { description: 'How many.' } },
  reasonCodes: ['verified', 'smoke-failed'],
});
type Outcome = ActionOutcome<typeof contract>;

const good: Outcome = {
  verdict: 'pass',
  reasonCode: 'verified',
  explanation: 'All is well.',
  outputs: { hostCount: 3 },
  record: { hosts: ['a', 'b'] },
  summary: '## Hosts\n\nThree.',
};

let temp: string;
beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'gatewright-runtime-'));
  await writeFile(join(temp, 'event.json'), '{}');
});
afterEach(() => rm(temp, { recursive: true, force: true }));

const environment = (): Record<string, string> => ({
  GITHUB_REPOSITORY: 'octo/sample',
  GITHUB_SHA: 'abc',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_EVENT_PATH: join(temp, 'event.json'),
  GITHUB_ACTOR: 'octo',
  GITHUB_RUN_ID: '1',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_JOB: 'deploy',
  GITHUB_WORKSPACE: temp,
  RUNNER_TEMP: temp,
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
});

async function runWith(
  run: ActionRun<typeof contract>,
  inputs: Record<string, string> = {},
  env: Record<string, string> = environment(),
): Promise<{ runner: RecordingRunner; result: Record<string, unknown> }> {
  const runner = recordingRunner(env, inputs);
  await runActionOn(runner, contract, run);
  const written = await readFile(runner.outputs.get('result-path') ?? '', 'utf8');
  return { runner, result: JSON.parse(written) };
}

describe('an action that ends with an outcome', () => {
  it('writes outputs, result and summary, and exits 0 for pass', async () => {
    const { runner, result } = await runWith(async (inputs, context) => {
      expect(inputs).toEqual({ timeoutSeconds: 5, apiToken: undefined });
      expect(context.run).toMatchObject({
        repository: 'octo/sample',
        runAttempt: 2,
        isFork: false,
      });
      return good;
    });
    expect(runner.outputs.get('verdict')).toBe('pass');
    expect(runner.outputs.get('reason-code')).toBe('verified');
    expect(runner.outputs.get('host-count')).toBe('3');
    expect(result).toEqual({
      schema: 'gatewright.result/1',
      action: 'probe',
      verdict: 'pass',
      reasonCode: 'verified',
      explanation: 'All is well.',
      checked: [],
      hosts: ['a', 'b'],
    });
    expect(runner.summary.split('\n')[0]).toBe('**Verdict: pass** (`verified`). All is well.');
    expect(runner.summary).toContain('## Hosts');
    expect(runner.annotations).toEqual([]);
    expect(runner.exitCodes).toEqual([0]);
  });

  it.each(['fail', 'inconclusive', 'error'] as const)(
    'exits 1 for %s, with the way on',
    async (verdict) => {
      const { runner } = await runWith(async () => ({
        ...good,
        verdict,
        reasonCode: 'smoke-failed',
        checked: ['host a answers 500'],
        remedy: 'Look at the log of host a.',
      }));
      expect(runner.exitCodes).toEqual([1]);
      expect(runner.outputs.get('host-count')).toBe('3');
      const [annotation] = runner.annotations;
      expect(annotation).toMatchObject({ level: 'error', title: 'Gatewright: probe' });
      expect(annotation?.message).toContain('host a answers 500');
      expect(annotation?.message).toContain('docs/07-TROUBLESHOOTING.md#smoke-failed');
      expect(runner.summary).toContain('Look at the log of host a.');
    },
  );

  it('does not let a record replace what the runtime says', async () => {
    const { result } = await runWith(async () => ({ ...good, record: { verdict: 'fail' } }));
    expect(result['verdict']).toBe('pass');
  });

  it('writes the result where it is told, from the workspace, and leaves nothing beside it', async () => {
    const { runner } = await runWith(async () => good, { 'result-path': 'results/probe.json' });
    expect(runner.outputs.get('result-path')).toBe(join(temp, 'results', 'probe.json'));
    expect(await readdir(join(temp, 'results'))).toEqual(['probe.json']);
  });
});

describe('an action that fails', () => {
  it('keeps the reason code of a Gatewright error', async () => {
    const { runner, result } = await runWith(async () => {
      throw new AccessError('access-denied', 'AWS refused ssm:SendCommand.', {
        checked: ['role deploy'],
        remedy: 'Allow it.',
      });
    });
    expect(result).toMatchObject({
      verdict: 'error',
      reasonCode: 'access-denied',
      checked: ['role deploy'],
      remedy: 'Allow it.',
    });
    expect(runner.outputs.get('reason-code')).toBe('access-denied');
    expect(runner.exitCodes).toEqual([1]);
  });

  it('takes anything else for a defect and shows its stack at debug only', async () => {
    const { runner, result } = await runWith(async () => {
      throw new TypeError('x is not a function', { cause: new Error('deeper') });
    });
    expect(result['reasonCode']).toBe('internal-error');
    const shown = [...runner.lines, ...runner.annotations.map(({ message }) => message)].join('\n');
    expect(shown).toContain('x is not a function');
    expect(shown).not.toContain('run-action.test');
    expect(runner.debugLines.join('\n')).toMatch(/run-action\.test[\s\S]*deeper/);
  });

  it('does not start when inputs are bad', async () => {
    let started = false;
    const { result, runner } = await runWith(
      async () => {
        started = true;
        return good;
      },
      { 'timeout-seconds': '5x' },
    );
    expect(started).toBe(false);
    expect(result['reasonCode']).toBe('input-invalid');
    expect(runner.annotations[0]?.message).toContain('timeout-seconds: got "5x"');
  });

  it('names every variable of the runner that is missing, and still reports', async () => {
    const { GITHUB_SHA: _, GITHUB_RUN_ATTEMPT: __, ...env } = environment();
    const { result } = await runWith(async () => good, {}, { ...env, GITHUB_RUN_ATTEMPT: 'x' });
    expect(result['reasonCode']).toBe('runner-context-invalid');
    expect(result['checked']).toEqual(['GITHUB_SHA is not set', 'GITHUB_RUN_ATTEMPT is malformed']);
  });

  it('refuses a result path that cannot be written before it does anything', async () => {
    await mkdir(join(temp, 'taken'));
    await writeFile(join(temp, 'file'), '');
    let started = false;
    const { runner, result } = await runWith(
      async () => {
        started = true;
        return good;
      },
      { 'result-path': 'file/result.json' },
    );
    expect(started).toBe(false);
    expect(result['reasonCode']).toBe('input-invalid');
    expect(runner.outputs.get('result-path')).toContain(join(temp, 'gatewright'));
  });

  it('never calls a pass what left no result', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const { runner, result } = await runWith(async () => ({ ...good, record: cyclic }));
    expect(result).toMatchObject({ verdict: 'error', reasonCode: 'internal-error' });
    expect(result['explanation']).toContain('the action itself said pass');
    expect(runner.exitCodes).toEqual([1]);
  });

  it('is not green when its outputs or its summary cannot be written, and still tells the rest', async () => {
    const runner = recordingRunner(environment());
    runner.setOutput = () => {
      throw new Error('disk full');
    };
    runner.appendSummary = async () => {
      throw new Error('disk full');
    };
    await runActionOn(runner, contract, async () => good);
    expect(runner.exitCodes).toEqual([1]);
    expect(runner.lines).toContain('The output verdict was not written: Error: disk full');
    expect(runner.lines).toContain('All is well. (pass, verified)');
  });

  it('reports when the process breaks under it', async () => {
    const runner = recordingRunner(environment());
    const running = runActionOn(runner, contract, async (_, context) => {
      runner.breakDown(new Error('a forgotten promise'));
      expect(context.signal.aborted).toBe(true);
      return new Promise(() => undefined);
    });
    await running;
    expect(runner.outputs.get('reason-code')).toBe('internal-error');
    expect(runner.exitCodes).toEqual([1]);
  });
});

describe('cancelling', () => {
  it('aborts the signal; what is thrown then is a cancellation, and a second signal changes nothing', async () => {
    const runner = recordingRunner(environment());
    await runActionOn(runner, contract, async (_, context) => {
      runner.signal('SIGINT');
      runner.signal('SIGTERM');
      context.signal.throwIfAborted();
      return good;
    });
    expect(runner.outputs.get('verdict')).toBe('error');
    expect(runner.outputs.get('reason-code')).toBe('cancelled');
    expect(runner.summary).toContain('SIGINT');
    expect(runner.exitCodes).toEqual([1]);
  });

  it('lets the action say itself how it settled', async () => {
    const runner = recordingRunner(environment());
    await runActionOn(runner, contract, async () => {
      runner.signal('SIGINT');
      return { ...good, verdict: 'error', reasonCode: 'cancelled', explanation: 'Two hosts kept.' };
    });
    expect(runner.summary).toContain('Two hosts kept.');
  });
});

describe('secrets', () => {
  it('are masked in every form before anything is said, and kept out of the result', async () => {
    const secret = 'p@ss word/1234';
    const { runner, result } = await runWith(
      async (_, context) => {
        context.setSecret('second-secret');
        context.log.info(`now ${secret}`);
        return { ...good, record: { leak: `x${encodeURIComponent(secret)}y second-secret` } };
      },
      { 'api-token': secret },
    );
    expect(runner.masked).toContain(secret);
    expect(runner.masked).toContain(Buffer.from(secret).toString('base64'));
    expect(runner.masked).toContain(encodeURIComponent(secret));
    expect(runner.masked).toContain('second-secret');
    expect(result['leak']).toBe('x***y ***');
    expect(runner.lines).toContain('now ***');
  });
});

describe('annotations of an outcome', () => {
  it('keep to ten of a level, the last of the errors being the verdict', async () => {
    const annotations = Array.from({ length: 30 }, (_, index) => ({
      level: 'error' as const,
      message: `finding ${index + 1}`,
    }));
    const { runner } = await runWith(async () => ({
      ...good,
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      annotations,
    }));
    const messages = runner.annotations.map(({ message }) => message);
    expect(messages).toHaveLength(10);
    expect(messages[8]).toBe('And 22 more; all are in the log of this step.');
    expect(messages[9]).toContain('smoke-failed');
    expect(runner.lines).toContain('error: finding 30');
  });
});

const mainInPost = async (): Promise<never> => {
  throw new Error('the post step did what the main step does');
};
const runPost = async (post?: PostRun): Promise<RecordingRunner> => {
  const runner = recordingRunner(environment(), {}, 'post');
  runner.saveState('command', 'c-1');
  await runStepOn(runner, contract, { main: mainInPost, post });
  return runner;
};

describe('the post step', () => {
  it('gets the state and exits 0', async () => {
    let seen = '';
    const runner = await runPost(async (state) => {
      seen = `${state('command')},${state('other')}`;
    });
    expect(seen).toBe('c-1,');
    expect(runner.exitCodes).toEqual([0]);
    expect(runner.outputs.size).toBe(0);
  });

  it('exits 1 with an annotation when it throws', async () => {
    const runner = await runPost(async () => {
      throw new AccessError('access-denied', 'AWS refused ssm:DeleteParameter.');
    });
    expect(runner.exitCodes).toEqual([1]);
    expect(runner.annotations[0]?.message).toContain('#access-denied');
  });

  it('never does what the main step does, also when the action has nothing for it', async () => {
    const runner = await runPost();
    expect(runner.exitCodes).toEqual([1]);
    expect(runner.annotations[0]?.message).toContain('nothing to do in a post step');
  });
});
