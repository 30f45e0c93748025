import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnsupportedSyntaxError, WorkflowFileError } from '../index.ts';
import { createLab, fakePlatform, oneJob } from '../fixtures/lab.ts';
import type { Lab } from '../fixtures/lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab();
  await lab.toolkit({
    'actions/old/action.yml': 'name: o\ndescription: d\nruns: { using: node20, main: m.js }\n',
    'actions/box/action.yml':
      'name: b\ndescription: d\nruns: { using: docker, image: Dockerfile }\n',
    'actions/typo/action.yml':
      'name: t\ndescription: d\nruns: { using: node24, main: m.js, mian: x }\n',
    '.github/workflows/callee.yml': `
on:
  workflow_call:
    inputs: { n: { type: number, required: true }, flag: { type: boolean } }
jobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }
`,
    '.github/workflows/plain.yml': `on: push\njobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }\n`,
    '.github/workflows/broken.yml': `
on: workflow_call
jobs:
  a:
    runs-on: x
    strategy: { matrix: { v: [1] } }
    steps: [{ run: 'true' }]
`,
    '.github/workflows/loop.yml': `on: workflow_call\njobs: { a: { uses: $/.github/workflows/loop.yml } }\n`,
  });
});

afterAll(() => lab.remove());

/** The problems of the workflow, and that nothing was opened for it. */
async function problems(
  text: string,
  kind: typeof WorkflowFileError | typeof UnsupportedSyntaxError,
) {
  await lab.caller({ '.github/workflows/ci.yml': text });
  const platform = fakePlatform();
  const error = await lab.run({ platform }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof kind)) throw error ?? new Error('the workflow was accepted');
  expect(platform.runs).toEqual([]);
  return error.problems;
}

const job = (keys: string): string => `on: push
jobs:
  a:
    runs-on: x
    ${keys}
    steps: [{ run: 'true' }]
`;
const step = (keys: string): string => oneJob(`- ${keys}`)['.github/workflows/ci.yml'] ?? '';
const call = (uses: string, keys = ''): string => `on: push
jobs:
  a:
    uses: ${uses}
    ${keys}
`;
const toolkit = 'octo/gatewright/.github/workflows';

describe('what the engine does not run is an error with its line', () => {
  it.each([
    [
      job('strategy: { matrix: { v: [1, 2] } }'),
      "ci.yml:5:5: 'strategy' in a job is not supported",
    ],
    [job('services: { db: { image: x } }'), "ci.yml:5:5: 'services' in a job"],
    [job('container: alpine'), "ci.yml:5:5: 'container' in a job"],
    [job('cancel-timeout-minutes: 3'), "ci.yml:5:5: 'cancel-timeout-minutes'"],
    [
      job('environment: { name: x, deployment: false }'),
      "ci.yml:5:29: 'deployment' in a environment",
    ],
    [step("{ run: x, if: hashFiles('x') }"), 'ci.yml:6:23: hashFiles() is not supported'],
    [job('if: a ${{ github.ref }}'), 'ci.yml:5:9: if: text around ${{ }}'],
    [
      job('env: { A: "${{ secrets.DEPLOY_KEY }}" }'),
      'secrets.DEPLOY_KEY: only secrets.GITHUB_TOKEN',
    ],
    [job('defaults: { run: { shell: pwsh } }'), 'ci.yml:5:31: shell: pwsh is not supported'],
    [job('').replace('runs-on: x', 'runs-on: windows-2025'), 'ci.yml:4:14: jobs for Windows'],
    [step('{ run: x, shell: powershell }'), 'shell: powershell is not supported'],
    [step('{ run: "${{ hashFiles(\'x\') }}" }'), 'ci.yml:6:17: hashFiles() is not supported'],
    [
      step('uses: docker://alpine:3'),
      'ci.yml:6:15: docker://alpine:3: docker:// actions are not supported',
    ],
    [
      step('uses: corp/unknown@v1'),
      'ci.yml:6:15: corp/unknown@v1: this third-party action has no stand-in',
    ],
    [step('{ uses: actions/checkout@v7, with: { ssh-key: x } }'), "does not support 'ssh-key'"],
    [step('uses: octo/gatewright/actions/nothing@v1'), 'no action.yml there'],
    [step('uses: octo/gatewright/actions/old@v1'), 'octo/gatewright/actions/old/action.yml@v1'],
    [step('uses: octo/gatewright/actions/box@v1'), 'using: docker is not supported'],
    [step('uses: $/actions/x@v1'), '$/ takes no @ref'],
    [
      call(`${toolkit}/callee.yml@v1`, 'secrets: inherit\n    with: { n: 1 }'),
      "'secrets' in a job that calls",
    ],
    [call(`${toolkit}/callee.yml@v2`), 'is not available at v2'],
    [call(`${toolkit}/broken.yml@v1`), `${toolkit}/broken.yml@v1:6:5: 'strategy'`],
  ])('%#: %s', async (text, expected) => {
    const found = await problems(text, UnsupportedSyntaxError);
    expect(found.join('\n')).toContain(expected);
  });

  it('reports every problem at once', async () => {
    const found = await problems(
      job('strategy: { matrix: { v: [1] } }\n    container: alpine'),
      UnsupportedSyntaxError,
    );
    expect(found).toHaveLength(2);
  });
});

/** Starts a workflow by hand that takes one input. */
async function start(inputs: Record<string, string>): Promise<unknown> {
  await lab.caller({
    '.github/workflows/ci.yml': `
on: { workflow_dispatch: { inputs: { to: { type: choice, options: [staging] } } } }
jobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }
`,
  });
  const event = {
    name: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha: 'a'.repeat(40),
    actor: 'a',
    inputs,
  };
  return lab.run({ event });
}

describe('what GitHub refuses is an error with its line', () => {
  it.each([
    [job('step: 3'), "ci.yml:5:5: Unexpected value 'step'"],
    [
      `${job('needs: nothing')}  b: { runs-on: x, steps: [{ run: x }] }\n`,
      "ci.yml:5:12: Job 'a' depends on unknown job 'nothing'",
    ],
    [job('env: { A: "${{ nope.x }}" }'), 'ci.yml:5:'],
    ['on: push\njobs: [', 'ci.yml:'],
    [call('./.github/workflows/none.yml'), 'ci.yml:4:11: ./.github/workflows/none.yml'],
    [call('not a reference'), 'ci.yml:4:11'],
    [call(`${toolkit}/callee.yml@v1`), 'Input n is required'],
    [call(`${toolkit}/callee.yml@v1`, 'with: { n: 1, extra: 2 }'), 'extra is not defined'],
    [
      call(`${toolkit}/callee.yml@v1`, 'with: { n: abc }'),
      "ci.yml:5:16: input 'n' takes a number, not 'abc'",
    ],
    [
      call(`${toolkit}/callee.yml@v1`, 'with: { n: 1, flag: 12 }'),
      "input 'flag' takes true or false",
    ],
    [call(`${toolkit}/plain.yml@v1`), 'workflow_call'],
    [call(`${toolkit}/loop.yml@v1`), 'calls itself'],
    [step('uses: octo/gatewright/actions/typo@v1'), "Unexpected value 'mian'"],
    [
      'on: pull_request\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n',
      "not triggered by 'push'",
    ],
  ])('%#: %s', async (text, expected) => {
    const found = await problems(text, WorkflowFileError);
    expect(found.join('\n')).toContain(expected);
  });

  it('refuses inputs of a manual start that do not fit', async () => {
    const error = start({ to: 'mars', x: '1' });
    await expect(error).rejects.toThrow(/input 'to' takes one of staging, not 'mars'/);
    await expect(error).rejects.toThrow(/has no input 'x'/);
  });
});

it('understands anchors, run-name and manual inputs in all contexts', async () => {
  await lab.caller({
    '.github/workflows/ci.yml': `
run-name: to \${{ inputs.to }} by \${{ github.actor }}
on: { workflow_dispatch: { inputs: { to: { type: string }, dry: { type: boolean } } } }
jobs:
  a: &job
    runs-on: x
    steps: [{ run: 'echo "\${{ inputs.to }} \${{ inputs.dry }} \${{ github.event.inputs.dry == ''true'' }}"' }]
  b: *job
`,
  });
  const { run, log } = await lab.run({
    event: {
      name: 'workflow_dispatch',
      ref: 'refs/heads/main',
      sha: 'a'.repeat(40),
      actor: 'ada',
      inputs: { to: 'prod', dry: true },
    },
  });
  expect(run.name).toBe('to prod by ada');
  expect(log).toBe('prod true true\nprod true true');
});
