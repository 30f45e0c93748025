import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conclusions, createLab, fakePlatform } from '../fixtures/lab.ts';
import type { Lab } from '../fixtures/lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab();
});

afterAll(() => lab.remove());

/** A job that ends as it is told. */
const job = (id: string, end: 'success' | 'failure' | 'skipped', keys = ''): string => `
  ${id}:
    runs-on: x
${end === 'skipped' ? '    if: false\n' : ''}${keys.replaceAll(/^(?=.)/gm, '    ')}
    steps: [{ run: '${end === 'failure' ? 'false' : 'true'}' }]`;

describe('needs and if', () => {
  it('decides for every kind of end and every kind of condition', async () => {
    const ends = ['success', 'failure', 'skipped'] as const;
    const conditions = ['', 'success()', 'failure()', 'always()', '!cancelled()'];
    const jobs = ends.flatMap((end) => [
      job(end, end),
      ...conditions.map((condition, i) =>
        job(
          `${end}_${i}`,
          'success',
          `needs: ${end}\n${condition && `if: \${{ ${condition} }}\n`}`,
        ),
      ),
    ]);
    await lab.caller({ '.github/workflows/ci.yml': `on: push\njobs:${jobs.join('')}\n` });
    const { run } = await lab.run();
    const ran = Object.entries(conclusions(run))
      .filter(([id, conclusion]) => id.includes('_') && conclusion === 'success')
      .map(([id]) => id);
    expect(ran).toEqual([
      'success_0',
      'success_1',
      'success_3',
      'success_4',
      'failure_2',
      'failure_3',
      'failure_4',
      'skipped_3',
      'skipped_4',
    ]);
    expect(run.conclusion).toBe('failure');
  });

  it('looks at the whole chain before a job', async () => {
    await lab.caller({
      '.github/workflows/ci.yml': `on: push\njobs:${[
        job('bad', 'failure'),
        job('mended', 'success', 'needs: bad\nif: always()\n'),
        job('later', 'success', 'needs: mended\n'),
        job('cleanup', 'success', 'needs: mended\nif: failure()\n'),
      ].join('')}\n`,
    });
    const { run } = await lab.run();
    expect(conclusions(run)).toEqual({
      bad: 'failure',
      mended: 'success',
      later: 'skipped',
      cleanup: 'success',
    });
  });

  it('hands on outputs and results, with nothing for what is missing', async () => {
    await lab.caller({
      '.github/workflows/ci.yml': `
on: push
env: { LEVEL: workflow, ONLY: w }
jobs:
  a:
    runs-on: x
    outputs: { v: '\${{ steps.s.outputs.v }}', none: '\${{ steps.s.outputs.none }}' }
    steps:
      - { id: s, run: 'echo "v=1 2" >> "$GITHUB_OUTPUT"; exit 1' }
  b:
    needs: [a]
    if: always()
    runs-on: x
    env: { LEVEL: job, FROM: '\${{ needs.a.outputs.v }}' }
    steps:
      - env: { LEVEL: step }
        run: |
          echo "$LEVEL $ONLY $FROM"
          echo '\${{ env.LEVEL }} \${{ needs.a.result }} [\${{ needs.a.outputs.none }}]'
      - run: echo "$LEVEL"
`,
    });
    const { log } = await lab.run();
    expect(log.split('\n').slice(-4)).toEqual([
      expect.stringContaining('Process completed'),
      'step w 1 2',
      'step failure []',
      'job',
    ]);
  });

  it('starts what does not depend on each other at once', async () => {
    // Each of the two waits for the other one's file; one after the other, they would wait for ever.
    const wait = (mine: string, other: string): string => `
  ${mine}:
    runs-on: x
    steps: [{ run: 'touch ${lab.root}/${mine}; while [ ! -e ${lab.root}/${other} ]; do sleep 0.02; done' }]`;
    await lab.caller({
      '.github/workflows/ci.yml': `on: push\njobs:${wait('left', 'right')}${wait('right', 'left')}\n`,
    });
    const { run } = await lab.run();
    expect(run.conclusion).toBe('success');
  });

  it('lets the run succeed past a job that may fail', async () => {
    await lab.caller({
      '.github/workflows/ci.yml': `on: push\njobs:${[
        job('flaky', 'failure', 'continue-on-error: true\n'),
        job('next', 'success', 'needs: flaky\n'),
      ].join('')}\n`,
    });
    const { run } = await lab.run();
    expect(run).toMatchObject({
      conclusion: 'success',
      jobs: [{ conclusion: 'failure' }, { conclusion: 'success' }],
    });
  });
});

describe('called workflows', () => {
  const callee = `
on:
  workflow_call:
    inputs: { fail: { type: boolean } }
    outputs: { said: { value: '\${{ jobs.one.outputs.said }}' } }
jobs:
  one:
    runs-on: x
    outputs: { said: '\${{ steps.s.outputs.said }}' }
    steps:
      - { id: s, run: 'echo "said=\${{ github.workflow }}/\${{ job.workflow_file_path }}" >> "$GITHUB_OUTPUT"' }
      - { if: '\${{ inputs.fail }}', run: exit 3 }
  rescue:
    needs: one
    if: failure()
    runs-on: x
    steps: [{ run: 'true' }]
`;

  it('nests, resolves $/ and ./ in the file that says it, and goes on after a failed one', async () => {
    await lab.toolkit({
      '.github/workflows/inner.yml': callee,
      '.github/workflows/outer.yml': `
on:
  workflow_call:
    outputs: { said: { value: '\${{ jobs.inner.outputs.said }}' } }
jobs:
  inner: { uses: $/.github/workflows/inner.yml }
  again:
    needs: inner
    uses: ./.github/workflows/inner.yml
    with: { fail: true }
`,
    });
    await lab.caller({
      '.github/workflows/ci.yml': `
name: caller
on: push
jobs:
  ship: { uses: octo/gatewright/.github/workflows/outer.yml@v1 }
  after:
    needs: ship
    if: always()
    runs-on: x
    steps: [{ run: 'echo "\${{ needs.ship.result }} \${{ needs.ship.outputs.said }}"' }]
`,
    });
    const { run, log } = await lab.run();
    expect(conclusions(run)).toEqual({
      'ship/inner/one': 'success',
      'ship/inner/rescue': 'skipped',
      'ship/again/one': 'failure',
      'ship/again/rescue': 'success',
      after: 'success',
    });
    expect(log).toContain('failure caller/.github/workflows/inner.yml');
    expect(run.jobs[3]?.name).toBe('ship / again / rescue');
  });

  it('is skipped as a whole when its condition does not hold', async () => {
    await lab.caller({
      '.github/workflows/inner.yml': callee,
      '.github/workflows/ci.yml': `
on: push
jobs:
  call: { if: "\${{ github.ref == 'refs/heads/other' }}", uses: ./.github/workflows/inner.yml }
`,
    });
    const { run } = await lab.run();
    expect(run).toMatchObject({
      conclusion: 'skipped',
      jobs: [{ id: 'call', conclusion: 'skipped' }],
    });
  });

  it('refuses a computed input of the wrong type with its line', async () => {
    await lab.caller({
      '.github/workflows/inner.yml': callee,
      '.github/workflows/ci.yml': `
on: push
jobs:
  call:
    uses: ./.github/workflows/inner.yml
    with:
      fail: \${{ github.sha }}
`,
    });
    const { run } = await lab.run();
    expect(run.conclusion).toBe('failure');
    expect(run.jobs[0]?.annotations[0]?.message).toMatch(
      /^\.github\/workflows\/ci\.yml:7:13: input 'fail' takes true or false, not 'a+'/,
    );
  });
});

/** A callee with one job that has these permissions. */
const calleeWith = (permissions: string): string => `
on: workflow_call
permissions: {}
jobs:
  one:
    runs-on: x
    permissions: ${permissions}
    steps: [{ run: 'echo "oidc=[$ACTIONS_ID_TOKEN_REQUEST_URL]"' }]
`;

describe('permissions', () => {
  const caller = `
on: push
permissions: { contents: read }
jobs:
  call: { uses: ./.github/workflows/inner.yml }
`;

  it('does not start when a callee asks for more than its caller has', async () => {
    await lab.caller({
      '.github/workflows/inner.yml': calleeWith('{ contents: read, id-token: write }'),
      '.github/workflows/ci.yml': caller,
    });
    const platform = fakePlatform();
    const { run } = await lab.run({ platform });
    expect(run).toMatchObject({
      conclusion: 'startup_failure',
      jobs: [],
      annotations: [
        {
          message:
            "The nested job 'one' of '.github/workflows/inner.yml' is requesting 'id-token: write', but is only allowed 'id-token: none'.",
        },
      ],
    });
    expect([platform.jobs, platform.closedRuns]).toEqual([[], ['startup_failure']]);
  });

  it.each([
    ['{ contents: read }', 'oidc=[]'],
    ['{ id-token: write }', 'oidc=[http'],
  ])('gives OIDC to a job with %s', async (permissions, expected) => {
    await lab.caller({
      '.github/workflows/inner.yml': calleeWith(permissions),
      '.github/workflows/ci.yml': caller.replace(
        'contents: read',
        'contents: read, id-token: write',
      ),
    });
    expect((await lab.run()).log).toContain(expected);
  });

  it('gives the restricted default to who declares nothing', async () => {
    await lab.caller({ '.github/workflows/ci.yml': `on: push\njobs:${job('a', 'success')}\n` });
    const platform = fakePlatform();
    await lab.run({ platform });
    expect(platform.jobs[0]?.permissions).toEqual({ contents: 'read', packages: 'read' });
  });
});

describe('environments', () => {
  beforeAll(() =>
    lab.caller({
      '.github/workflows/ci.yml': `
on: push
jobs:
  deploy:
    runs-on: x
    environment: { name: 'prod-\${{ github.ref_name }}', url: 'https://x/\${{ steps.s.outcome }}' }
    steps: [{ id: s, run: echo deploying }]
  after: { needs: deploy, runs-on: x, steps: [{ run: 'true' }] }
`,
    }),
  );

  it('waits for the protection rules before a step runs', async () => {
    const order: string[] = [];
    const platform = fakePlatform({
      ready(request) {
        if (request.environment !== undefined) order.push(`asked ${request.environment.name}`);
        return Promise.resolve({ kind: 'ready', deploymentId: 7 });
      },
    });
    const { run } = await lab.run({
      platform,
      observe(event) {
        if (event.kind === 'log' && event.line === 'deploying') order.push('deploying');
        if (event.kind === 'job-waiting') order.push(`waits for ${event.name}`);
      },
    });
    expect(order).toEqual(['waits for prod-main', 'asked prod-main', 'deploying']);
    expect(run.jobs[0]?.environment).toEqual({ name: 'prod-main', url: 'https://x/success' });
    expect(platform.closedJobs[0]).toEqual({
      name: 'deploy',
      conclusion: 'success',
      url: 'https://x/success',
    });
  });

  it.each([
    [{ kind: 'rejected', by: 'ada', comment: 'not now' }, 'rejected by ada: not now'],
    [{ kind: 'blocked', reason: 'branch not allowed' }, 'blocked: branch not allowed'],
  ] as const)('fails without a step when the answer is %j', async (answer, message) => {
    const platform = fakePlatform({
      ready: (request) => Promise.resolve(request.environment ? answer : { kind: 'ready' }),
    });
    const { run, log } = await lab.run({ platform });
    expect(conclusions(run)).toEqual({ deploy: 'failure', after: 'skipped' });
    expect(run.jobs[0]?.steps).toEqual([]);
    expect(run.jobs[0]?.annotations[0]?.message).toContain(message);
    expect(log).toBe('');
    expect(platform.closedJobs).toEqual([
      { name: 'deploy', conclusion: 'failure', url: undefined },
    ]);
  });

  it('is cancelled while it waits', async () => {
    const controller = new AbortController();
    const platform = fakePlatform({
      ready: (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          controller.abort();
        }),
    });
    const { run } = await lab.run({ platform, signal: controller.signal });
    expect(conclusions(run)).toEqual({ deploy: 'cancelled', after: 'skipped' });
    expect(run.conclusion).toBe('cancelled');
  });
});
