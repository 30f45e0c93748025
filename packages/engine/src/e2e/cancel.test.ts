import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conclusions, createLab, fakePlatform, oneJob } from '../fixtures/lab.ts';
import type { Lab } from '../fixtures/lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab();
  await lab.toolkit({
    'actions/deploy/action.yml':
      'name: d\ndescription: d\nruns: { using: node24, main: main.mjs, post: post.mjs }\n',
    'actions/deploy/main.mjs': `
import { writeFileSync } from 'node:fs';
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    console.log('got', signal);
    writeFileSync('settled', signal);
    if (signal === (process.env.OBEYS ?? 'SIGINT')) process.exit(1);
  });
}
setInterval(() => {}, 1000);
writeFileSync('settled', 'nothing');
console.log('deploying');`,
    'actions/deploy/post.mjs': `
import { readFileSync } from 'node:fs';
console.log('post after', readFileSync('settled', 'utf8'));`,
    'actions/around/action.yml': `
name: a
description: d
runs:
  using: composite
  steps:
    - uses: $/actions/deploy
    - { run: echo never, shell: sh }
    - { if: always(), run: echo composite cleans up, shell: sh }
`,
  });
});

afterAll(() => lab.remove());

/** Runs and cancels as soon as a log line says `deploying`. */
async function cancelled(files: Readonly<Record<string, string>>, grace = {}) {
  await lab.caller(files);
  const controller = new AbortController();
  const { run, log } = await lab.run({
    signal: controller.signal,
    signalGraceMs: { interrupt: 10_000, terminate: 10_000, stream: 200, ...grace },
    observe(event) {
      if (event.kind === 'log' && event.line === 'deploying') controller.abort();
    },
  });
  return { run, lines: log.split('\n') };
}

function processesOf(directory: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/environ`, 'utf8').includes(directory);
      } catch {
        return false;
      }
    });
}

const deploying = (obeys: string) =>
  oneJob(`- uses: octo/gatewright/actions/deploy@v1\n  env: { OBEYS: ${obeys} }\n`);

describe('cancelling a run', () => {
  it('interrupts the step, skips the next, runs always, cancelled and post', async () => {
    const { run, lines } = await cancelled({
      '.github/workflows/ci.yml': `
on: push
jobs:
  job:
    runs-on: x
    steps:
      - uses: octo/gatewright/actions/deploy@v1
      - run: echo never
      - { if: failure(), run: echo never either }
      - { if: cancelled(), run: echo cancelled }
      - { if: always(), run: echo always }
  next: { needs: job, runs-on: x, steps: [{ run: echo never }] }
  evidence: { needs: [job, next], if: always(), runs-on: x, steps: [{ run: 'echo "evidence \${{ needs.job.result }}"' }] }
`,
    });
    expect(lines).toEqual([
      'deploying',
      'got SIGINT',
      'cancelled',
      'always',
      'post after SIGINT',
      'evidence cancelled',
    ]);
    expect(run.jobs[0]?.steps.map((step) => step.conclusion)).toEqual([
      'cancelled',
      'skipped',
      'skipped',
      'success',
      'success',
      'success',
    ]);
    expect(conclusions(run)).toEqual({ job: 'cancelled', next: 'skipped', evidence: 'success' });
    expect(run.conclusion).toBe('cancelled');
  });

  it('goes on to the next signal for an action that does not obey the first', async () => {
    const { run, lines } = await cancelled(deploying('SIGTERM'), { interrupt: 10 });
    expect(lines.slice(1)).toEqual(['got SIGINT', 'got SIGTERM', 'post after SIGTERM']);
    expect(run.jobs[0]?.steps[0]).toMatchObject({ conclusion: 'cancelled', exitCode: 1 });
  });

  it('kills an action that obeys nothing, and still runs its post step', async () => {
    const grace = { interrupt: 10, terminate: 10 };
    const { run, lines } = await cancelled(deploying('nothing'), grace);
    // Whether it still comes to say what it got is a matter of the machine.
    expect(lines.at(-1)).toMatch(/^post after /u);
    expect(run.jobs[0]?.steps[0]).toMatchObject({ conclusion: 'cancelled', exitCode: null });
  });

  it('lets a composite action clean up', async () => {
    const { run, lines } = await cancelled(oneJob(`- uses: octo/gatewright/actions/around@v1\n`));
    expect(lines.slice(1)).toEqual(['got SIGINT', 'composite cleans up', 'post after SIGINT']);
    expect(run.jobs[0]?.steps[0]?.conclusion).toBe('cancelled');
  });

  it('does not touch a step, or a job, that asks to go on', async () => {
    // Both wait for a file that is written after the cancel has gone round; a signal would be heard before.
    const wait = `trap 'echo hurt' INT TERM; while [ ! -e ${lab.root}/go ]; do sleep 0.02; done`;
    await lab.caller({
      '.github/workflows/ci.yml': `
on: push
jobs:
  step:
    runs-on: x
    steps:
      - if: always()
        run: |
          echo deploying
          ${wait}
          echo step ends
          touch ${lab.root}/next
      - run: echo never
  job:
    runs-on: x
    if: always()
    steps:
      - run: |
          ${wait.replace('/go', '/next')}
          echo job ends
      - run: echo and goes on
`,
    });
    const controller = new AbortController();
    const { run, log } = await lab.run({
      signal: controller.signal,
      observe(event) {
        if (event.kind !== 'log' || event.line !== 'deploying') return;
        controller.abort();
        writeFileSync(`${lab.root}/go`, '');
      },
    });
    expect(log.split('\n')).toEqual(['deploying', 'step ends', 'job ends', 'and goes on']);
    expect(conclusions(run)).toEqual({ step: 'cancelled', job: 'success' });
  });

  it('stops the whole job when it has not ended in time', async () => {
    const { run, lines } = await cancelled(
      oneJob(`
- { if: always(), run: 'trap "" INT TERM; echo deploying; sleep 60' }
- { if: always(), run: echo never }
`),
      { hardStop: 300 },
    );
    expect(lines).not.toContain('never');
    expect(run.jobs[0]?.steps[0]?.exitCode).toBeNull();
    expect(run.conclusion).toBe('cancelled');
  });

  it('reaches into called workflows', async () => {
    const { run } = await cancelled({
      '.github/workflows/inner.yml': `
on: workflow_call
jobs:
  deep: { runs-on: x, steps: [{ uses: octo/gatewright/actions/deploy@v1 }] }
  keep: { needs: deep, if: cancelled(), runs-on: x, steps: [{ run: 'true' }] }
`,
      '.github/workflows/ci.yml':
        'on: push\njobs: { a: { uses: ./.github/workflows/inner.yml } }\n',
    });
    expect(conclusions(run)).toEqual({ 'a/deep': 'cancelled', 'a/keep': 'success' });
  });

  it('does not start anything when it comes first', async () => {
    await lab.caller(oneJob(`- run: echo never\n`));
    const { run, log } = await lab.run({ signal: AbortSignal.abort() });
    expect([run.conclusion, log]).toEqual(['cancelled', '']);
  });
});

it('leaves no process behind, however a step detaches it', async () => {
  await lab.caller(
    oneJob(`
- run: |
    sleep 300 &
    setsid sleep 300 > /dev/null 2>&1 &
    nohup sleep 300 > /dev/null 2>&1 &
    echo started
- run: pgrep -f "sleep 300" > /dev/null && echo still running for later steps
`),
  );
  const { run, log } = await lab.run();
  expect(log).toBe('started\nstill running for later steps');
  expect(run.conclusion).toBe('success');
  for (let left = processesOf(lab.root); left.length > 0; left = processesOf(lab.root)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

/** A job in a concurrency group. */
function workflow(key: string, script: string): Readonly<Record<string, string>> {
  return oneJob(`- run: |\n    ${script}\n`, `    concurrency: ${key}\n`);
}

describe('concurrency', () => {
  it('serialises jobs of two runs on the same platform', async () => {
    await lab.caller(workflow('{ group: prod, queue: max }', 'echo deploying'));
    const order: string[] = [];
    const platform = fakePlatform();
    const one = (name: string) =>
      lab.run({
        platform,
        observe: (event) => {
          if (event.kind === 'job-started' || event.kind === 'job-finished')
            order.push(`${name} ${event.kind}`);
        },
      });
    await Promise.all([one('a'), one('b'), one('c')]);
    const names = order.filter((_, i) => i % 2 === 0).map((text) => text.slice(0, 1));
    expect(order).toEqual(names.flatMap((name) => [`${name} job-started`, `${name} job-finished`]));
    expect(names.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('cancels the job in progress for a newcomer', async () => {
    // The first one to come works until it is cancelled.
    const script = `mkdir ${lab.root}/first 2> /dev/null || exit 0; echo deploying; trap 'exit 1' INT; while :; do sleep 0.02; done`;
    await lab.caller(workflow('{ group: prod, cancel-in-progress: true }', script));
    const platform = fakePlatform();
    let second: ReturnType<Lab['run']> | undefined;
    const first = await lab.run({
      platform,
      observe(event) {
        if (event.kind === 'log' && event.line === 'deploying') second ??= lab.run({ platform });
      },
    });
    expect(first.run.conclusion).toBe('cancelled');
    expect((await second)?.run.conclusion).toBe('success');
  });

  it('sees the deadlock of a caller and a callee in the same group', async () => {
    await lab.caller({
      '.github/workflows/inner.yml': `
on: workflow_call
concurrency: PROD
jobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }
`,
      '.github/workflows/ci.yml': `on: push\nconcurrency: prod\njobs: { a: { uses: ./.github/workflows/inner.yml } }\n`,
    });
    const { run } = await lab.run();
    expect(run.conclusion).toBe('cancelled');
    expect(run.jobs[0]?.annotations[0]?.message).toContain('deadlock');
  });
});
