import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conclusions, createLab, fakePlatform, toolkitSha } from './fixtures/lab.ts';
import type { Lab } from './fixtures/lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab();
  await lab.toolkit({
    '.github/workflows/deploy.yml': `
name: deploy
on:
  workflow_call:
    inputs:
      environment: { type: string, required: true }
      dry: { type: boolean, default: false }
      waves: { type: number }
    outputs:
      release: { value: '\${{ jobs.package.outputs.release }}' }
permissions: {}
jobs:
  package:
    runs-on: ubuntu-24.04
    permissions: { contents: read }
    outputs:
      release: \${{ steps.pack.outputs.release }}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - id: pack
        uses: $/actions/pack
        with: { version: '1.\${{ inputs.waves }}' }
      - run: cat app.txt && echo "dry=\${{ inputs.dry }} sha=\${{ job.workflow_sha }}"
  deploy:
    needs: package
    runs-on: ubuntu-24.04
    permissions: { id-token: write }
    environment: { name: '\${{ inputs.environment }}', url: 'https://\${{ steps.here.outputs.host }}' }
    steps:
      - id: here
        run: |
          echo "host=shop.example" >> "$GITHUB_OUTPUT"
          echo deploying \${{ needs.package.outputs.release }}
  evidence:
    needs: [package, deploy]
    if: always()
    runs-on: ubuntu-24.04
    steps:
      - run: echo "deploy was \${{ needs.deploy.result }}"
`,
    'actions/pack/action.yml': `
name: pack
description: packs
inputs:
  version: { required: true, description: v }
  format: { default: tar, description: f }
outputs:
  release: { description: r }
runs: { using: node24, main: main.mjs, post: post.mjs }
`,
    'actions/pack/main.mjs': `
import { appendFileSync } from 'node:fs';
const out = (name, line) => appendFileSync(process.env[name], line + '\\n');
console.log('node', process.versions.node.split('.')[0], process.env.INPUT_FORMAT);
out('GITHUB_OUTPUT', 'release=shop-' + process.env.INPUT_VERSION);
out('GITHUB_STATE', 'opened=yes');
out('GITHUB_STEP_SUMMARY', '# packed');
`,
    'actions/pack/post.mjs': `console.log('post', process.env.STATE_opened);`,
  });
  await lab.caller({
    'app.txt': 'the app\n',
    '.github/workflows/ci.yml': `
name: ci
on: push
permissions: { contents: read, id-token: write }
jobs:
  ship:
    name: Ship it
    uses: octo/gatewright/.github/workflows/deploy.yml@v1
    with: { environment: production, waves: 2 }
  after:
    needs: ship
    runs-on: ubuntu-latest
    steps:
      - run: echo "shipped \${{ needs.ship.outputs.release }}"
`,
  });
});

afterAll(() => lab.remove());

describe('a called workflow', () => {
  it('runs jobs, actions and scripts, and hands outputs up', async () => {
    const platform = fakePlatform();
    const { run, log } = await lab.run({ platform });
    expect(log.split('\n')).toEqual(
      expect.arrayContaining([
        'node 24 tar',
        'the app',
        `dry=false sha=${toolkitSha}`,
        'post yes',
        'deploying shop-1.2',
        'deploy was success',
        'shipped shop-1.2',
      ]),
    );
    expect(conclusions(run)).toEqual({
      'ship/package': 'success',
      'ship/deploy': 'success',
      'ship/evidence': 'success',
      after: 'success',
    });
    expect(run).toMatchObject({
      conclusion: 'success',
      standInsUsed: ['actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1'],
    });
    expect(run.jobs[0]).toMatchObject({
      name: 'Ship it / package',
      outputs: { release: 'shop-1.2' },
      summary: '# packed\n',
      steps: [
        { name: expect.stringContaining('actions/checkout'), conclusion: 'success' },
        { name: 'Run $/actions/pack', conclusion: 'success', exitCode: 0 },
        { conclusion: 'success' },
        { name: 'Post Run $/actions/pack', conclusion: 'success' },
      ],
    });
    expect(platform.closedJobs).toContainEqual({
      name: 'Ship it / deploy',
      conclusion: 'success',
      url: 'https://shop.example',
    });
    expect(platform.jobs.map((job) => job.permissions)).toEqual([
      { contents: 'read' },
      { 'id-token': 'write' },
      {},
      { contents: 'read', 'id-token': 'write' },
    ]);
    expect(platform.closedRuns).toEqual(['success']);
  });
});
