import { createHash } from 'node:crypto';
import { ConfigurationError } from '@gatewright/verdict';
import type { GateName, LintLevel, Severity, Waiver } from '@gatewright/verdict';
import type {
  AuditPolicy,
  CoverageMetric,
  CoveragePolicy,
  GatesPolicy,
  LintPolicy,
} from '../policy.ts';

/** What the one who runs the gate asks for; the names are those of the inputs of the actions. */
export interface PolicyWishes {
  readonly failOn?: LintLevel | undefined;
  readonly coverageMetric?: CoverageMetric | undefined;
  readonly coverageMinimum?: number | 'off' | undefined;
  readonly changedCoverageMinimum?: number | 'off' | undefined;
  readonly failOnSeverity?: Exclude<Severity, 'unknown'> | undefined;
  readonly unknownSeverity?: AuditPolicy['unknownSeverity'] | undefined;
}

/** What holds without wishes. */
export interface PolicyInForce {
  readonly gates: GatesPolicy;
  /** Path of the policy file, or `defaults`, which wishes may also loosen. */
  readonly source: string;
}

/** From the strictest to the mildest. */
const lintOrder = ['note', 'warning', 'error'] as const;
const severityOrder = ['low', 'moderate', 'high', 'critical'] as const;
const unknownOrder = ['fail', 'critical', 'high', 'moderate', 'low', 'warn'] as const;

/**
 * The policy with the wishes in it. A policy file can only be tightened.
 * @throws ConfigurationError `policy-loosened`, naming the input and the key of the policy with both values.
 */
export function effectivePolicy(inForce: PolicyInForce, wishes: PolicyWishes): GatesPolicy {
  const refuse = refusal(inForce.source);
  const { lint, test, audit } = inForce.gates;
  const coverage = withCoverage(test.coverage, wishes, refuse);
  const { coverage: _, ...rest } = test;
  return {
    ...inForce.gates,
    lint: withLint(lint, wishes, refuse),
    test: coverage === undefined ? rest : { ...rest, coverage },
    audit: withAudit(audit, wishes, refuse),
  };
}

interface Step {
  readonly input: string;
  readonly wished: string | number;
  readonly key: string;
  readonly demanded: string | number;
}
/** Called for a wish that is milder than what holds. */
type Refuse = (step: Step) => void;

function refusal(source: string): Refuse {
  return ({ input, wished, key, demanded }) => {
    if (source === 'defaults') return;
    throw new ConfigurationError(
      'policy-loosened',
      `${input}: ${wished} asks for less than ${key}: ${demanded} of ${source}.`,
      {
        checked: [`${key} of ${source}: ${demanded}`, `input ${input}: ${wished}`],
        remedy: `Leave ${input} out or make it stricter; what the policy demands is changed in ${source}.`,
      },
    );
  };
}

/** The wish if there is one; refused when it comes later in the order than what holds. */
function choose<T extends string>(
  order: readonly T[],
  names: { readonly input: string; readonly key: string },
  { held, wished, refuse }: { held: T; wished: T | undefined; refuse: Refuse },
): T {
  if (wished === undefined) return held;
  if (order.indexOf(wished) > order.indexOf(held)) refuse({ ...names, wished, demanded: held });
  return wished;
}

function withLint(lint: LintPolicy, { failOn }: PolicyWishes, refuse: Refuse): LintPolicy {
  const names = { input: 'fail-on', key: 'gates.lint.fail-on' };
  return {
    ...lint,
    failOn: choose(lintOrder, names, { held: lint.failOn, wished: failOn, refuse }),
  };
}

function withAudit(audit: AuditPolicy, wishes: PolicyWishes, refuse: Refuse): AuditPolicy {
  const failOnSeverity = choose(
    severityOrder,
    { input: 'fail-on-severity', key: 'gates.audit.fail-on-severity' },
    { held: audit.failOnSeverity, wished: wishes.failOnSeverity, refuse },
  );
  const unknownSeverity = choose(
    unknownOrder,
    { input: 'unknown-severity', key: 'gates.audit.unknown-severity' },
    { held: audit.unknownSeverity, wished: wishes.unknownSeverity, refuse },
  );
  // Where nothing else was said, packages for development follow.
  const follows = audit.developmentFailOn === audit.failOnSeverity;
  const developmentFailOn = follows ? failOnSeverity : audit.developmentFailOn;
  return { ...audit, failOnSeverity, unknownSeverity, developmentFailOn };
}

function withCoverage(
  held: CoveragePolicy | undefined,
  wishes: PolicyWishes,
  refuse: Refuse,
): CoveragePolicy | undefined {
  const metric = wishes.coverageMetric ?? held?.metric ?? 'line';
  const key = 'gates.test.coverage.metric';
  if (held !== undefined && metric !== held.metric) {
    // Ten percent of branches may be more or less than ten percent of lines: nobody can tell.
    refuse({ input: 'coverage-metric', wished: metric, key, demanded: held.metric });
  }
  const minimum = percentage(wishes.coverageMinimum, held?.minimum, {
    names: { input: 'coverage-minimum', key: 'gates.test.coverage.minimum' },
    refuse,
  });
  const changedMinimum = percentage(wishes.changedCoverageMinimum, held?.changedMinimum, {
    names: { input: 'changed-coverage-minimum', key: 'gates.test.coverage.changed-minimum' },
    refuse,
  });
  if (minimum === undefined && changedMinimum === undefined) return undefined;
  return {
    metric,
    minimum: minimum ?? 0,
    ...(changedMinimum === undefined ? {} : { changedMinimum }),
    ...(held?.ratchetLines === undefined ? {} : { ratchetLines: held.ratchetLines }),
  };
}

function percentage(
  wished: number | 'off' | undefined,
  held: number | undefined,
  { names, refuse }: { names: { readonly input: string; readonly key: string }; refuse: Refuse },
): number | undefined {
  if (wished === undefined) return held;
  const isMilder = held !== undefined && (wished === 'off' || wished < held);
  if (isMilder) refuse({ ...names, wished, demanded: held });
  return wished === 'off' ? undefined : wished;
}

/** SHA-256 (hex) of what one gate was judged by: the same rules have the same digest, however they are written. */
export function policyDigest(
  gate: GateName,
  gates: GatesPolicy,
  waivers: readonly Waiver[],
): string {
  const judgedBy = { gate, policy: gates[gate], waiverPolicy: gates.waivers, waivers };
  return createHash('sha256').update(canonicalJson(judgedBy)).digest('hex');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
