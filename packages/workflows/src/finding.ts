/** One thing in a workflow file that the rules forbid. */
export interface WorkflowFinding {
  /** From 1. */
  readonly line: number;
  readonly rule: WorkflowRule;
  readonly message: string;
}

/** Every rule, with what it demands. */
export const workflowRules = {
  syntax: 'The file is YAML with a mapping of jobs.',
  'no-pull-request-target': 'Foreign code never meets our rights.',
  'top-permissions': 'The top grants nothing: `permissions: {}`.',
  'job-permissions': 'Every job names the rights that it needs, scope by scope.',
  'action-permissions': 'A job grants what the contracts of its actions ask for.',
  'timeout-minutes': 'Every job that runs steps has a limit of time.',
  'pinned-uses': 'Third-party code is named by a full commit SHA and a comment with its version.',
  'own-actions':
    'Own actions are named `$/actions/<name>`, never by a path in the caller’s checkout.',
  'run-expression': 'No expression inside a script: values go through `env`.',
  'secrets-inherit': 'Secrets are named one by one.',
  'persist-credentials': 'A checkout does not leave the token in .git/config.',
  'action-inputs': 'Inputs of own actions exist, and the required ones are given.',
  'action-outputs': 'Outputs of own actions that are read exist.',
  'environment-concurrency':
    'A job with an environment runs alone and is never cancelled by a newer one.',
  'final-job': 'The last job always runs and waits for all others.',
} as const;

export type WorkflowRule = keyof typeof workflowRules;
