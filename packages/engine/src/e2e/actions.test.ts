import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLab, oneJob } from '../fixtures/lab.ts';
import type { Lab } from '../fixtures/lab.ts';

let lab: Lab;

const nodeAction = (runs: string, inputs = '{}'): string =>
  `name: a\ndescription: d\ninputs: ${inputs}\nruns: { using: node24, ${runs} }\n`;

const say = (text: string): string => `console.log(${JSON.stringify(text)});\n`;

beforeAll(async () => {
  lab = await createLab();
  await lab.toolkit({
    'actions/trace/action.yml': nodeAction(
      'main: main.mjs, pre: pre.mjs, post: post.mjs, post-if: success()',
      '{ name: { description: d, default: "${{ github.actor }}" }, Two Words: { description: d } }',
    ),
    'actions/trace/pre.mjs': `import { appendFileSync } from 'node:fs';
console.log('pre', process.env.INPUT_NAME);
appendFileSync(process.env.GITHUB_STATE, 'seen=by pre\\n');`,
    'actions/trace/main.mjs': `console.log('main', process.env.INPUT_NAME, process.env.INPUT_TWO_WORDS, process.env.STATE_seen, process.env.GITHUB_ACTION_REPOSITORY, process.env.GITHUB_ACTION_REF, process.env.GITHUB_ACTION);`,
    'actions/trace/post.mjs': say('post'),
    'actions/cleanup/action.yml': nodeAction('main: main.mjs, post: post.mjs'),
    'actions/cleanup/main.mjs': `${say('cleanup main')}process.exitCode = 1;`,
    'actions/cleanup/post.mjs': `console.log('cleanup post', process.env.INPUT_X ?? 'none');`,
    'actions/inner/action.yml': nodeAction(
      'main: main.mjs, post: post.mjs',
      '{ v: { description: d } }',
    ),
    'actions/inner/main.mjs': `import { appendFileSync } from 'node:fs';
console.log('inner', process.env.INPUT_V, process.env.OUTER, process.env.INPUT_LIST ?? 'no outer inputs');
appendFileSync(process.env.GITHUB_OUTPUT, 'got=' + process.env.INPUT_V + '!\\n');
appendFileSync(process.env.GITHUB_ENV, 'LATER=set\\n');`,
    'actions/inner/post.mjs': say('inner post'),
    'actions/mixed/action.yml': `
name: mixed
description: d
inputs: { list: { description: d, default: three }, fail: { description: d, default: 'false' } }
outputs:
  got: { description: d, value: "\${{ steps.in.outputs.got }}" }
runs:
  using: composite
  steps:
    - id: in
      uses: $/actions/inner
      with: { v: "\${{ inputs.list }}" }
    - run: echo "$LATER \${{ github.action_path != '' }} \${{ steps.in.outcome }}"
      shell: bash
    - { if: "inputs.fail == 'true'", run: exit 5, shell: sh }
    - { run: echo not after a failure, shell: sh }
    - { if: failure(), run: echo only after a failure, shell: sh }
`,
  });
});

afterAll(() => lab.remove());

async function steps(yaml: string) {
  await lab.caller(oneJob(yaml));
  const { run, log } = await lab.run();
  const [job] = run.jobs;
  if (job === undefined) throw new Error('no job');
  return { job, run, lines: log.split('\n') };
}

describe('node24 actions', () => {
  it('runs pre before everything, post after it in reverse order, with inputs and state', async () => {
    const { job, lines } = await steps(`
- run: echo first
- { id: t, uses: octo/gatewright/actions/trace@v1, with: { two words: x y } }
- { if: always(), uses: octo/gatewright/actions/cleanup@v1, with: { x: why } }
`);
    expect(lines).toEqual([
      'pre octo-dev',
      'first',
      'main octo-dev x y by pre octo/gatewright v1 t',
      expect.stringContaining("Unexpected input(s) 'x'"),
      'cleanup main',
      'cleanup post why',
    ]);
    expect(job.steps.map((step) => [step.name.split(' ')[0], step.conclusion])).toEqual([
      ['Pre', 'success'],
      ['Run', 'success'],
      ['Run', 'success'],
      ['Run', 'failure'],
      ['Post', 'success'],
      ['Post', 'skipped'],
    ]);
  });

  it('does not run post for an action that was skipped', async () => {
    const { lines } = await steps(
      `- { if: false, uses: octo/gatewright/actions/cleanup@v1 }\n- run: echo done\n`,
    );
    expect(lines).toEqual(['done']);
  });
});

describe('composite actions', () => {
  it('has its own inputs and steps, hands on env and outputs, and runs inner posts at the end', async () => {
    const { job, lines } = await steps(`
- { id: m, uses: octo/gatewright/actions/mixed@v1, env: { OUTER: around } }
- run: echo "\${{ steps.m.outputs.got }} \${{ steps.in.outputs.got }}[$LATER]"
`);
    expect(lines).toEqual([
      'inner three around no outer inputs',
      'set true success',
      'not after a failure',
      'three! [set]',
      'inner post',
    ]);
    expect(job.steps).toHaveLength(3);
  });

  it('fails as one step, but starts with a clean slate of its own', async () => {
    const { job, lines } = await steps(`
- run: 'false'
- { if: always(), uses: octo/gatewright/actions/mixed@v1, with: { fail: true } }
`);
    expect(lines.slice(1)).toEqual([
      'inner true undefined no outer inputs'.replace('true', 'three'),
      'set true success',
      '##[error]Process completed with exit code 5.',
      'only after a failure',
      'inner post',
    ]);
    expect(job.steps.map((step) => step.outcome)).toEqual(['failure', 'failure', 'success']);
  });

  it('reads ./ actions from the workspace when their step comes', async () => {
    await lab.caller({
      'ci/hello/action.yml': `name: h\ndescription: d\nruns: { using: composite, steps: [{ run: echo hello, shell: sh }] }\n`,
    });
    const { job, lines } = await steps(`
- { id: early, uses: ./ci/hello, continue-on-error: true }
- uses: actions/checkout@v7
- uses: ./ci/hello
`);
    expect(lines[0]).toMatch(
      /ci\.yml:\d+:\d+: \.\/ci\/hello: the workspace has no action\.yml there/,
    );
    expect(lines.at(-1)).toBe('hello');
    expect(job.steps.map((step) => step.outcome)).toEqual(['failure', 'success', 'success']);
  });
});

describe('stand-ins', () => {
  it('names the ones that ran and fails with their message', async () => {
    const { run, job } = await steps(`
- { uses: actions/checkout@v7, with: { repository: octo/other } }
- { if: always(), uses: actions/upload-artifact@v7, with: { name: kept, path: . } }
`);
    expect(run.standInsUsed).toEqual(['actions/checkout@v7', 'actions/upload-artifact@v7']);
    expect(job.steps[0]?.conclusion).toBe('failure');
    expect(job.annotations[0]?.message).toContain("is not the caller's own");
  });

  it('uses one from the caller of the engine, with what a real action gets', async () => {
    await lab.caller(
      oneJob(
        `- { id: s, uses: corp/tool/sub@v2, with: { word: hi } }\n- run: echo "$GREETING \${{ steps.s.outputs.n }}"\n`,
      ),
    );
    const { log } = await lab.run({
      standIns: {
        'corp/tool/sub': {
          inputs: ['word'],
          run(context) {
            context.exportVariable('GREETING', context.inputs.word ?? '');
            context.setOutput('n', context.env.GITHUB_REPOSITORY ?? '');
            context.addMask('secret');
            context.log('a secret');
            return Promise.resolve();
          },
        },
      },
    });
    expect(log.split('\n').slice(-2)).toEqual(['a ***', 'hi octo/shop']);
  });

  it('hands artifacts from job to job', async () => {
    await lab.caller({
      '.github/workflows/ci.yml': `
on: push
jobs:
  make:
    runs-on: x
    steps:
      - run: mkdir out && echo made > out/file
      - { uses: actions/upload-artifact@v7, with: { name: result, path: out } }
  use:
    needs: make
    runs-on: x
    steps:
      - { uses: actions/download-artifact@v8, with: { name: result, path: in } }
      - run: cat in/file
`,
    });
    const { run, log } = await lab.run();
    expect(log.split('\n').at(-1)).toBe('made');
    expect(run.artifacts).toMatchObject([{ name: 'result', files: ['file'] }]);
  });
});
