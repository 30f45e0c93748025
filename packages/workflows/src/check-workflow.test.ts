import { describe, expect, it } from '@jest/globals';
import { defineAction, text } from '@gatewright/contract';
import { checkWorkflow, workflowRules } from './index.ts';

const probe = defineAction({
  name: 'probe',
  title: 'Probe',
  description: 'Probes.',
  permissions: { contents: 'read' },
  inputs: {
    zone: text({ description: 'Z.' }),
    mode: text({ description: 'M.', default: 'fast' }),
  },
  outputs: { 'host-count': { description: 'H.' } },
  reasonCodes: [],
});

const sha = 'a'.repeat(40);
const good = `name: deploy
on:
  workflow_call:
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read
    outputs:
      count: \${{ steps.probe.outputs.host-count }}
    steps:
      - uses: actions/checkout@${sha} # v7.0.1
        with:
          persist-credentials: false
      - id: probe
        uses: $/actions/probe
        with:
          zone: a
          result-path: result.json
      - run: echo "$COUNT"
        env:
          COUNT: \${{ steps.probe.outputs.host-count }}
  deploy:
    needs: build
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: production
    concurrency:
      group: x
      cancel-in-progress: false
    permissions: {}
    steps:
      - run: 'true'
  last:
    if: \${{ always() }}
    needs: [deploy]
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
    steps:
      - run: 'true'
`;

/** The findings for the good workflow with one passage replaced, as `line rule`. */
function change(from: string, to: string): string[] {
  expect(good).toContain(from);
  return checkWorkflow(
    good.replace(from, () => to),
    [probe],
  ).map(({ line, rule }) => `${line} ${rule}`);
}

describe('checkWorkflow', () => {
  it('finds nothing in a workflow that keeps the rules', () => {
    expect(checkWorkflow(good, [probe])).toEqual([]);
  });

  it.each([
    ['text that is no YAML', 'name: deploy', 'name: [', ['2 syntax']],
    ['pull_request_target', 'workflow_call:', 'pull_request_target:', ['3 no-pull-request-target']],
    [
      'rights at the top',
      'permissions: {}',
      'permissions: { contents: read }',
      ['4 top-permissions'],
    ],
    ['no word on rights at the top', 'permissions: {}\n', '', ['1 top-permissions']],
    [
      'a job that takes all rights',
      '    permissions: {}',
      '    permissions: write-all',
      ['25 job-permissions'],
    ],
    ['a right that an action lacks', 'contents: read', 'actions: read', ['18 action-permissions']],
    ['a job without an end', '    timeout-minutes: 5\n', '', ['6 timeout-minutes']],
    ['a tag for a third party', `@${sha} # v7.0.1`, '@v7 # v7.0.1', ['14 pinned-uses']],
    ['a pin without a version', `${sha} # v7.0.1`, sha, ['14 pinned-uses']],
    ['an own action by a path', '$/actions/probe', './actions/probe', ['18 own-actions']],
    ['an own action that is not', '$/actions/probe', '$/actions/prob', ['18 own-actions']],
    [
      'an expression in a script',
      'echo "$COUNT"',
      'echo "${{ github.ref }}"',
      ['22 run-expression'],
    ],
    [
      'a checkout that leaves the token',
      '          persist-credentials: false',
      '          path: x',
      ['14 persist-credentials'],
    ],
    ['an unknown input', 'result-path: result.json', 'zones: a', ['21 action-inputs']],
    ['a missing input', '          zone: a\n', '', ['18 action-inputs']],
    ['an unknown output', 'outputs.host-count', 'outputs.hosts', ['12 action-outputs']],
    [
      'a deployment that may be cancelled',
      'cancel-in-progress: false',
      'cancel-in-progress: true',
      ['25 environment-concurrency'],
    ],
    ['a last job that may be skipped', 'always()', 'success()', ['36 final-job']],
    ['a last job that does not wait', 'needs: [deploy]', 'needs: [build]', ['36 final-job']],
  ])('finds %s', (_, from, to, expected) => {
    expect(change(from, to)).toEqual(expected);
  });

  it('finds secrets that are handed over wholesale, and asks no time limit of a calling job', () => {
    const called = `  build:
    uses: octo/other/.github/workflows/x.yml@${sha} # v1
    permissions: {}
    secrets: inherit
`;
    const source = `permissions: {}\non: push\njobs:\n${called}`;
    expect(checkWorkflow(source, []).map(({ rule }) => rule)).toEqual(['secrets-inherit']);
  });

  it('lists every finding, by line', () => {
    const lines = checkWorkflow(good.replaceAll('timeout-minutes: 5', 'name: x'), [probe]);
    expect(lines.map(({ line }) => line)).toEqual([6, 25, 36]);
    expect(Object.keys(workflowRules)).toContain(lines[0]?.rule);
  });
});
