import { describe, expect, it } from '@jest/globals';
import { renderWorkflow } from './index.ts';

const source = `# Why this workflow is.
jobs:
  call:
    uses: $/.github/workflows/gates.yml
  deploy:
    steps:
      - uses: $/actions/deploy-ssm
        with: { note: 'uses: $/actions/deploy-ssm' }
      - uses: "$/actions/smoke-test"

`;

describe('renderWorkflow', () => {
  it('adds a header that names source and command, and ends with one line end', () => {
    expect(renderWorkflow(source, { name: 'deploy', selfRef: 'self' })).toBe(
      `# Generated from workflows/deploy/workflow.yml by \`npm run build\`; do not edit.\n${source.trimEnd()}\n`,
    );
  });

  it('pins every reference to this repository, and nothing that only looks like one', () => {
    const commit = 'b'.repeat(40);
    const text = renderWorkflow(source, {
      name: 'deploy',
      selfRef: { repository: 'octo/gatewright', commit, version: 'v1.2.0' },
    });
    expect(text.split('\n').slice(4)).toEqual([
      `    uses: octo/gatewright/.github/workflows/gates.yml@${commit} # v1.2.0`,
      '  deploy:',
      '    steps:',
      `      - uses: octo/gatewright/actions/deploy-ssm@${commit} # v1.2.0`,
      "        with: { note: 'uses: $/actions/deploy-ssm' }",
      `      - uses: octo/gatewright/actions/smoke-test@${commit} # v1.2.0`,
      '',
    ]);
  });
});
