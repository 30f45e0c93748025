import { ConfigurationError } from '@gatewright/verdict';
import * as z from 'zod';
import { gatesPolicy } from './gates-policy.ts';
import { sha256Hex, text, wholeNumber } from './scalars.ts';

const environmentName = text(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  'up to 64 letters, digits or any of . _ -, the first a letter or digit',
);

const reviewer = text(
  /^(user|team):[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})$/,
  'user:LOGIN or team:SLUG',
).transform((value) => {
  const [kind = '', name = ''] = value.split(':');
  return { kind: kind === 'team' ? ('team' as const) : ('user' as const), name };
});
/** Somebody whose approval an environment asks for. */
export type Reviewer = z.output<typeof reviewer>;

const branchPattern = text(
  /^[^\p{Cc}\s~^:?\\]{1,255}$/u,
  'a branch name or pattern such as release/*',
);

const declaredProtection = z
  .strictObject({
    reviewers: z
      .array(reviewer)
      .min(1)
      .max(6)
      .optional()
      .describe('Who may approve; one of them has to. At most six, as GitHub allows.'),
    'prevent-self-review': z
      .boolean()
      .optional()
      .describe('Whether the one who started the run is kept from approving it.'),
    'wait-minutes': wholeNumber(0, 43_200)
      .optional()
      .describe('Wait before the job starts, in minutes.'),
    branches: z
      .union([z.literal('protected'), z.array(branchPattern).min(1)], {
        error: 'the word protected, or a list of branch patterns',
      })
      .optional()
      .describe('Branches that may deploy: patterns, or `protected` for all protected branches.'),
  })
  .refine((protection) => Object.keys(protection).length > 0, {
    error: 'declares nothing; write `protection: none` if the environment shall be open',
  })
  .transform((protection) => ({
    kind: 'declared' as const,
    reviewers: protection.reviewers,
    preventSelfReview: protection['prevent-self-review'],
    waitMinutes: protection['wait-minutes'],
    branches: branchRule(protection.branches),
  }));

/** Which branches may deploy: all protected ones, or those that match a pattern. */
export type BranchRule = { kind: 'protected' } | { kind: 'patterns'; patterns: string[] };

function branchRule(branches: 'protected' | string[] | undefined): BranchRule | undefined {
  if (branches === undefined) return undefined;
  return branches === 'protected'
    ? { kind: 'protected' }
    : { kind: 'patterns', patterns: branches };
}

const protection = z.union(
  [z.literal('none').transform(() => ({ kind: 'none' as const })), declaredProtection],
  {
    error:
      'the word none, or a mapping with reviewers, prevent-self-review, wait-minutes, branches',
  },
);
/** What the policy asks of the GitHub environment; an undefined field is not asked for. */
export type Protection = z.output<typeof protection>;

const document = z.strictObject({
  name: text(/^[A-Za-z0-9_.-]{3,128}$/, '3 to 128 letters, digits or any of _ . -')
    .default('Gatewright-Host')
    .describe('Name of the SSM document.'),
  version: text(/^[1-9][0-9]{0,8}$/, 'a document version in quotes, such as "1"')
    .default('1')
    .describe('Version of the SSM document; a fixed one, never $LATEST.'),
  sha256: sha256Hex
    .optional()
    .describe(
      'SHA-256 of the document; by default that of the document which this release of Gatewright ships.',
    ),
});

const aws = z
  .strictObject({
    region: text(/^[a-z]{2}(?:-[a-z]+)+-[0-9]$/, 'an AWS region such as eu-west-1').describe(
      'AWS region.',
    ),
    'role-to-assume': text(
      /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,512}$/,
      'the ARN of an IAM role',
    ).describe('Role that the deploy job assumes by OIDC.'),
    'artifact-bucket': text(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'the name of an S3 bucket',
    ).describe('S3 bucket that holds the artifacts.'),
    document: document.prefault({}).describe('The SSM document that hosts run.'),
  })
  .transform((value) => ({
    region: value.region,
    roleToAssume: value['role-to-assume'],
    artifactBucket: value['artifact-bucket'],
    document: value.document,
  }));

const targets = z
  .strictObject({
    tags: z
      .record(
        text(/^[\w.:/=+@ -]{1,128}$/, 'a tag key of at most 128 characters'),
        text(
          /^[\w.:/=+@ -]{1,256}$/,
          'a tag value of 1 to 256 characters, in quotes if it looks like a number',
        ),
      )
      .refine((tags) => Object.keys(tags).length > 0, {
        error: 'names no tag, so it would select every host',
      })
      .describe('Tags that a host must carry, all of them.'),
    'minimum-hosts': wholeNumber(1, 10_000)
      .default(1)
      .describe('Fewest hosts that must match; fewer is an error, not a smaller delivery.'),
  })
  .transform((value) => ({ tags: value.tags, minimumHosts: value['minimum-hosts'] }));

const waveSize = z.union(
  [
    wholeNumber(1, 10_000),
    text(/^(?:[1-9]|[1-9][0-9]|100)%$/, 'a percentage from 1% to 100%').transform(
      (value) => `${Number.parseInt(value, 10)}%` as const,
    ),
  ],
  { error: 'a number of hosts of at least 1, or a percentage such as "25%"' },
);

const strategy = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('rolling'),
      'wave-size': waveSize.describe(
        'Hosts changed together: a number, or a percentage of the roster, rounded down, at least 1.',
      ),
      'bake-seconds': wholeNumber(0, 86_400)
        .default(0)
        .describe('Watched wait after each wave, in seconds.'),
    })
    .transform((value) => ({
      kind: value.kind,
      waveSize: value['wave-size'],
      bakeSeconds: value['bake-seconds'],
    })),
  z.strictObject({ kind: z.literal('all-at-once') }),
]);
/** How hosts are put into waves. A `waveSize` text is a percentage of the roster. */
export type Strategy = z.output<typeof strategy>;

const limits = z
  .strictObject({
    'delivery-timeout-seconds': wholeNumber(30, 172_800)
      .default(60)
      .describe('Time that SSM has to hand a command to a host, in seconds.'),
    'host-timeout-seconds': wholeNumber(10, 28_800)
      .default(300)
      .describe('Time of one operation on one host, all hooks included, in seconds.'),
    'lock-minutes': wholeNumber(1, 1440)
      .default(30)
      .describe('Life of the lock without a heartbeat, in minutes.'),
    'keep-releases': wholeNumber(2, 100).default(5).describe('Releases that stay on a host.'),
  })
  .transform((value) => ({
    deliveryTimeoutSeconds: value['delivery-timeout-seconds'],
    hostTimeoutSeconds: value['host-timeout-seconds'],
    lockMinutes: value['lock-minutes'],
    keepReleases: value['keep-releases'],
  }));

const environment = z
  .strictObject({
    protection: protection.describe(
      'What the GitHub environment must be protected by; `none` to leave it open.',
    ),
    aws: aws.describe('Where the environment lives.'),
    targets: targets.describe('Which hosts belong to it.'),
    strategy: strategy.describe('In what order hosts are changed.'),
    limits: limits.prefault({}).describe('Time limits and retention.'),
    url: z
      .string()
      .refine(isPlainWebUrl, {
        error: 'not an http or https URL without user name, password, query and fragment',
      })
      .optional()
      .describe('Public entry of the environment, verified after the hosts.'),
    'probe-hosts': z
      .boolean()
      .default(true)
      .describe(
        'Whether the runner can reach the hosts themselves; if not, only the url is verified.',
      ),
    gates: z
      .enum(['required', 'not-required'])
      .default('required')
      .describe(
        'Whether a delivery demands a fresh gate record of the same commit; `not-required` to do without.',
      ),
  })
  .transform((value) => ({
    protection: value.protection,
    aws: value.aws,
    targets: value.targets,
    strategy: value.strategy,
    limits: value.limits,
    url: value.url,
    probeHosts: value['probe-hosts'],
    gatesRequired: value.gates === 'required',
  }));
/** One environment of the policy, checked and with defaults filled in. */
export type EnvironmentPolicy = z.output<typeof environment>;

function isPlainWebUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.username + url.password + url.search + url.hash === '';
}

/** The schema of policy.yml; its input is the file as written, its output {@link Policy}. */
export const policySchema = z.strictObject({
  version: z.literal(1).describe('Version of this file format.'),
  environments: z
    .record(environmentName, environment)
    .refine((environments) => Object.keys(environments).length > 0, {
      error: 'declares no environment',
    })
    .describe('The environments by their GitHub names.'),
  gates: gatesPolicy.prefault({}).describe('What the gates lint, test and audit allow.'),
});
/** policy.yml, checked and with defaults filled in. */
export type Policy = z.output<typeof policySchema>;
/** policy.yml as written. */
export type PolicyInput = z.input<typeof policySchema>;

/**
 * The part of the policy for one environment.
 * @throws ConfigurationError `environment-undeclared`, with the names that are declared.
 */
export function environmentPolicy(policy: Policy, name: string): EnvironmentPolicy {
  const found = Object.hasOwn(policy.environments, name) ? policy.environments[name] : undefined;
  if (found !== undefined) return found;
  const declared = Object.keys(policy.environments).join(', ');
  throw new ConfigurationError(
    'environment-undeclared',
    `The policy does not declare the environment ${JSON.stringify(name)}; it declares: ${declared}.`,
    {
      checked: [`environments of the policy: ${declared}`],
      remedy: `Name one of them, or add environments.${name} to the policy on the default branch.`,
    },
  );
}
