import * as z from 'zod';

/** What a finding is about; waivers can name it, and the counts of a gate are made from it. */
export const findingKind = z.enum([
  'lint',
  'test',
  'flaky-test',
  'test-regression',
  'coverage',
  'vulnerability',
  'secret',
  'misconfiguration',
  'licence',
]);
export type FindingKind = z.infer<typeof findingKind>;

/** Levels of lint and test findings, gravest first. */
export const lintLevels = ['error', 'warning', 'note'] as const;
export type LintLevel = (typeof lintLevels)[number];

/** Severities of audit findings, gravest first; `unknown` has no rank, the policy says what to make of it. */
export const severities = ['critical', 'high', 'moderate', 'low', 'unknown'] as const;
export type Severity = (typeof severities)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A package that an audit finding is about. */
export const findingPackage = z.strictObject({
  name: z.string(),
  version: z.string().optional(),
  /** Package URL (purl-spec), when the ecosystem is known. */
  purl: z.string().optional(),
  /** Versions without the problem; empty when there is none yet. */
  fixedIn: z.array(z.string()),
  scope: z.enum(['runtime', 'development', 'unknown']),
});
export type FindingPackage = z.infer<typeof findingPackage>;

/** One lint, test, coverage, vulnerability, secret, misconfiguration or licence item. */
export const finding = z.strictObject({
  kind: findingKind,
  /** Rule, test or advisory by its own name; what a waiver names. */
  id: z.string(),
  /** Other names of the same advisory; empty elsewhere. */
  aliases: z.array(z.string()),
  /** SHA-256 (hex) that stays the same when lines move; how the finding is found again in a base result. */
  fingerprint: sha256,
  level: z.enum([...lintLevels, ...severities]),
  /** What decided the level, such as `label`, `ghsa`, `cvss:4.0`, `snapshot`. */
  levelSource: z.string().optional(),
  /** One line, made safe to show; never a secret. */
  message: z.string(),
  /** Relative to the root of the repository, with `/`; absent when it is not in the tree. */
  path: z.string().optional(),
  /** Counts from 1. */
  line: z.int().positive().optional(),
  column: z.int().positive().optional(),
  package: findingPackage.optional(),
  /** The report says that the vulnerability is being exploited. */
  knownExploited: z.boolean().optional(),
  /** Paths of the reports that have it. */
  seenIn: z.array(z.string()),
  /** Compared with a base result: `new` when the base does not have it. */
  baseline: z.enum(['new', 'known', 'not-compared']),
  /** It counts against the verdict. */
  blocking: z.boolean(),
});
export type Finding = z.infer<typeof finding>;
