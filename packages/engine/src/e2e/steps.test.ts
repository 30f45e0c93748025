import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLab, oneJob } from '../fixtures/lab.ts';
import type { Lab } from '../fixtures/lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab();
});

afterAll(() => lab.remove());

/** Runs one job with these steps and tells what the reader of a log would see. */
async function steps(yaml: string, more = '') {
  await lab.caller(oneJob(yaml, more));
  const { run, log, events } = await lab.run();
  const [job] = run.jobs;
  if (job === undefined) throw new Error('no job');
  return { job, run, events, lines: log.split('\n') };
}

describe('run steps', () => {
  it('takes multi-line scripts as YAML defines them, also with expressions', async () => {
    const { lines } = await steps(`
- run: |
    cat <<EOF
      two \${{ github.ref_name }}
    EOF
    if true; then
        echo nested
    fi
- run: >-
    echo folded
    \${{ github.ref_name }}
`);
    expect(lines).toEqual(['  two main', 'nested', 'folded main']);
  });

  it.each([
    ['', 'false | true; echo on', ['on']],
    ['shell: bash', 'false | true; echo on', ['##[error]Process completed with exit code 1.']],
    [
      'shell: sh',
      'echo "$0" | grep -c bash',
      ['0', '##[error]Process completed with exit code 1.'],
    ],
    ["shell: 'cat {0}'", 'printed as it is', ['printed as it is']],
  ])('with %j runs %j', async (shell, script, expected) => {
    const { lines } = await steps(`- run: '${script}'\n  ${shell}\n`);
    expect(lines).toEqual(expected);
  });

  it('has its defaults from step, job and workflow, in this order', async () => {
    await lab.caller({
      '.github/workflows/ci.yml': `
on: push
defaults: { run: { working-directory: w, shell: sh } }
jobs:
  job:
    runs-on: x
    defaults: { run: { working-directory: j } }
    steps:
      - { run: mkdir -p w j s, working-directory: . }
      - run: basename "$PWD"
      - { run: basename "$PWD", working-directory: s }
`,
    });
    expect((await lab.run()).log.split('\n')).toEqual(['j', 's']);
  });

  it('gets the variables of GitHub and nothing of its surroundings', async () => {
    process.env.GATEWRIGHT_TEST_LEAK = 'leaked';
    const { lines } = await steps(`
- run: |
    echo "$GITHUB_REPOSITORY $GITHUB_REF_NAME $GITHUB_SHA $GITHUB_ACTIONS $CI $RUNNER_OS"
    echo "[$GATEWRIGHT_TEST_LEAK][$GITHUB_TOKEN]"
    test "$HOME" != "${process.env.HOME}" && test -d "$HOME" -a -d "$RUNNER_TEMP" && echo own home
    test "$PWD" = "$GITHUB_WORKSPACE" && grep -o '"default_branch": "main"' "$GITHUB_EVENT_PATH"
  env: { GITHUB_REPOSITORY: mine, GITHUB_SHA: mine }
`);
    delete process.env.GATEWRIGHT_TEST_LEAK;
    expect(lines).toEqual([
      `octo/shop main ${'a'.repeat(40)} true true Linux`,
      '[][]',
      'own home',
      '"default_branch": "main"',
    ]);
  });
});

describe('conditions of steps', () => {
  it('follows success, failure and always', async () => {
    const { job } = await steps(`
- { id: a, run: 'false', continue-on-error: true }
- { if: "steps.a.outcome == 'failure' && steps.a.conclusion == 'success'", run: 'true' }
- { if: failure(), run: 'true' }
- { run: 'exit 4' }
- { run: 'true' }
- { if: failure(), run: 'true' }
- { if: always(), run: 'true' }
- { if: cancelled(), run: 'true' }
- { if: "job.status == 'failure'", run: 'true' }
- { if: "\${{ always() && job.status == 'failure' }}", run: 'true' }
`);
    expect(job.steps.map((step) => step.conclusion)).toEqual([
      'success',
      'success',
      'skipped',
      'failure',
      'skipped',
      'success',
      'success',
      'skipped',
      'skipped',
      'success',
    ]);
    expect(job.steps[0]).toMatchObject({ outcome: 'failure', exitCode: 1 });
    expect(job.steps[3]?.exitCode).toBe(4);
    expect(job.conclusion).toBe('failure');
  });

  it('fails a step whose keys cannot be evaluated, with the line', async () => {
    const { job } = await steps(
      `- run: echo \${{ fromJSON('{') }}\n- { if: failure(), run: 'true' }\n`,
    );
    expect(job.steps.map((step) => step.conclusion)).toEqual(['failure', 'success']);
    expect(job.annotations[0]?.message).toMatch(
      /^\.github\/workflows\/ci\.yml:6:\d+: \$\{\{ fromJSON/,
    );
  });
});

describe('file commands', () => {
  it('carries variables, paths, outputs and the summary to later steps', async () => {
    const { job, lines } = await steps(`
- id: one
  run: |
    mkdir bin && printf '#!/bin/sh\\necho from the path' > bin/mine && chmod +x bin/mine
    echo "$PWD/bin" >> "$GITHUB_PATH"
    printf 'A=1\\nB<<X\\ntwo\\nlines\\nX\\n' >> "$GITHUB_ENV"
    echo 'out=put' >> "$GITHUB_OUTPUT"
    echo '## first' >> "$GITHUB_STEP_SUMMARY"
- run: |
    mine
    echo "$A \${{ env.A }} $B \${{ steps.one.outputs.out }}"
    echo '## second' >> "$GITHUB_STEP_SUMMARY"
- { run: 'echo "$A"', env: { A: step } }
`);
    expect(lines).toEqual(['from the path', '1 1 two', 'lines put', 'step']);
    expect(job.summary).toBe('## first\n\n## second\n');
  });

  it.each([
    ['echo broken >> "$GITHUB_OUTPUT"', "Invalid format 'broken'"],
    ['echo "NODE_OPTIONS=--inspect" >> "$GITHUB_ENV"', "Can't store NODE_OPTIONS"],
    ['printf \'a<<X\\nb\\n\' >> "$GITHUB_ENV"', "Matching delimiter not found 'X'"],
  ])('fails the step that runs %j', async (script, message) => {
    const { job } = await steps(`- run: |\n    ${script}\n`);
    expect(job.conclusion).toBe('failure');
    expect(job.annotations.map((annotation) => annotation.message).join()).toContain(message);
  });

  it('drops a summary above one mebibyte and says so, without failing', async () => {
    const { job } = await steps(
      `- run: head -c 1048577 /dev/zero | tr '\\0' x >> "$GITHUB_STEP_SUMMARY"\n`,
    );
    expect(job).toMatchObject({ conclusion: 'success', summary: '' });
    expect(job.annotations[0]?.message).toContain('upload aborted');
  });

  it('survives a step that deletes its files', async () => {
    const { job } = await steps(
      `- run: rm "$GITHUB_OUTPUT" "$GITHUB_ENV" "$GITHUB_STEP_SUMMARY"\n`,
    );
    expect(job.conclusion).toBe('success');
  });
});

describe('workflow commands', () => {
  it('turns them into annotations and keeps ten of each level per step', async () => {
    const { job } = await steps(`
- run: |
    echo "::warning file=a.ts,line=3,title=Odd::look%0Ahere"
    for i in $(seq 12); do echo "::notice::n$i"; done
- run: echo "::notice::again"
`);
    expect(job.annotations[0]).toEqual({
      level: 'warning',
      message: 'look\nhere',
      title: 'Odd',
      file: 'a.ts',
      line: 3,
    });
    const notices = job.annotations.filter((annotation) => annotation.level === 'notice');
    expect(notices.map((notice) => notice.message)).toEqual([
      ...Array.from({ length: 10 }, (_, i) => `n${i + 1}`),
      'again',
    ]);
    expect(job.conclusion).toBe('success');
  });

  it('masks in logs, annotations, summaries and step names, and leaves masked outputs out', async () => {
    const { job, lines, events } = await steps(
      `
- name: Mask
  run: |
    printf '::add-mask::top%%0Asecond line\\n'
    echo "the top of second line"
    echo "::error::top"
    echo "the top" >> "$GITHUB_STEP_SUMMARY"
    echo "token \${{ github.token }}"
- { id: o, run: 'echo "v=top" >> "$GITHUB_OUTPUT"; echo "ok=fine" >> "$GITHUB_OUTPUT"', name: Say top }
- run: test "\${{ steps.o.outputs.v }}" = to""p && echo unmasked inside
`,
      `    outputs: { v: '\${{ steps.o.outputs.v }}', ok: '\${{ steps.o.outputs.ok }}' }\n`,
    );
    expect(lines).toEqual(['the *** of ***', '##[error]***', 'token ***', 'unmasked inside']);
    expect(job.summary).toBe('the ***\n');
    expect(job.steps[1]?.name).toBe('Say ***');
    expect(job.outputs).toEqual({ ok: 'fine' });
    expect(job.annotations.at(-1)?.message).toBe("Skip output 'v' since it may contain secret.");
    expect(JSON.stringify(events)).not.toMatch(/\btop\b|ghs_fake/);
  });

  it('shields what stands between stop-commands and its token', async () => {
    const { job, lines } = await steps(`
- run: |
    echo "::stop-commands::tok"
    echo "::error::from a host"
    echo "::tok::"
    echo "::error::mine"
`);
    expect(job.annotations.map((annotation) => annotation.message)).toEqual(['mine']);
    expect(lines).toEqual(['::error::from a host', '##[error]mine']);
  });

  it('fails a step that uses a disabled command', async () => {
    const { job } = await steps(`- run: echo "::set-output name=a::b"\n`);
    expect(job).toMatchObject({ conclusion: 'failure', steps: [{ exitCode: 0 }] });
  });
});

describe('timeouts', () => {
  it('stops a step, fails it, and runs what runs on failure', async () => {
    const { job, lines } = await steps(`
- timeout-minutes: 0.002
  run: |
    trap 'echo interrupted; exit 0' INT
    while :; do sleep 0.02; done
- { if: failure(), run: echo still here }
`);
    expect(lines).toEqual([
      'interrupted',
      expect.stringContaining('has timed out after 0.002 minutes'),
      'still here',
    ]);
    expect(job.steps.map((step) => step.conclusion)).toEqual(['failure', 'success']);
  });

  it('cancels a job that takes too long', async () => {
    const { job, run } = await steps(
      `
- run: |
    trap 'exit 0' INT
    while :; do sleep 0.02; done
- run: echo never
- { if: always(), run: echo cleaned }
`,
      "    timeout-minutes: ${{ fromJSON('0.005') }}\n",
    );
    expect(job.steps.map((step) => step.conclusion)).toEqual(['cancelled', 'skipped', 'success']);
    expect(job.annotations[0]?.message).toContain('maximum execution time of 0.005 minutes');
    expect(run.conclusion).toBe('cancelled');
  });

  it('refuses a time that is none', async () => {
    const { job } = await steps(`- { run: 'true', timeout-minutes: "\${{ fromJSON('0') }}" }\n`);
    expect(job.annotations[0]?.message).toContain('timeout-minutes takes a number above 0');
  });
});
