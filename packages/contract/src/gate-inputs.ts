import type { ReasonCode } from '@gatewright/verdict';
import { choice, command, integer, list, path, text } from './codecs.ts';
import type { InputCodec } from './codecs.ts';

/** A glob that stays below the directory it starts from; an exclusion begins with `!`. */
const glob = {
  pattern: /^(?!!?[/\\]|!?[A-Za-z]:[/\\]|!?$)(?!(?:.*[/\\]|!)?\.\.(?:[/\\]|$))\P{Cc}+$/u,
  accepted: 'a glob relative to working-directory, without ..',
} as const;

/** Globs of the reports of one kind. */
export function reportsInput(description: string): InputCodec<readonly string[] | undefined> {
  return list({ description, optional: true, ...glob });
}

/** Inputs that the gates lint, test and audit share. */
export const gateInputs = {
  reports: reportsInput(
    'Globs of the reports to judge, relative to `working-directory`. Each must match a file that this job, or `command`, has made.',
  ),
  command: command({
    description:
      'A command that makes the reports. Without `reports`, what it prints on standard output is the report. With neither, the tools of the project are detected and run.',
    optional: true,
  }),
  'working-directory': path({
    description: 'Where the command runs and globs start, relative to the workspace.',
    default: '.',
  }),
  'timeout-seconds': integer({
    description: 'Time for each command, in seconds.',
    default: '900',
    min: 1,
    max: 21_600,
  }),
  'policy-path': path({
    description:
      'The policy, from a checkout of the base branch: inputs may only tighten it. Unset: the defaults of Gatewright, which the inputs may change.',
    optional: true,
  }),
  'waivers-path': path({
    description: 'The waivers, from a checkout of the base branch. Unset: none.',
    optional: true,
  }),
  'base-result-path': path({
    description: 'Result file of the same gate for the base commit, to compare with.',
    optional: true,
  }),
  'diff-base': text({
    description:
      'The commit that the change started from: findings in files that it touches are shown first. It must be in the checkout: see `fetch-depth` of actions/checkout.',
    optional: true,
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_./^~-]{0,249}$/,
    accepted: 'a commit id, branch or tag',
  }),
  'sarif-path': path({
    description: 'File to write the findings to, as SARIF 2.1.0. Unset: none.',
    optional: true,
  }),
} as const;

/** The input by which users say which format all reports have. */
export function formatInput<const F extends string>(
  formats: readonly F[],
): InputCodec<F | undefined> {
  return choice({
    description: 'The format of all reports. Unset: recognised by content.',
    of: formats,
    optional: true,
  });
}

/** Outputs that the gates share. */
export const gateOutputs = {
  'reports-directory': {
    description: 'Directory with a copy of every report that was read, to keep as an artifact.',
  },
  'findings-total': { description: 'Open findings; waived ones are not counted.' },
} as const;

/** Reason codes that every gate can end with. */
export const gateReasonCodes = [
  'gate-passed',
  'base-unusable',
  'config-invalid',
  'evidence-too-small',
  'policy-invalid',
  'policy-loosened',
  'policy-missing',
  'report-contradictory',
  'report-empty',
  'report-encoding',
  'report-malformed',
  'report-missing',
  'report-stale',
  'report-too-large',
  'report-unrecognised',
  'tool-failed',
  'tool-timed-out',
  'tool-undetected',
  'waivers-invalid',
] as const satisfies readonly ReasonCode[];
