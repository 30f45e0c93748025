/** How a scenario must end; the demo fails when it ends otherwise. */
export interface Expectation {
  readonly jobConclusion: 'success' | 'failure';
  readonly verdict: string;
  readonly reasonCode: string;
  /** What every host of the environment must serve at the end; `unchanged` for what it served before. */
  readonly serves: string;
  readonly waves: number;
  /** How many hosts may have been given the release that was asked for. */
  readonly hostsChanged: number;
  /** Given where AWS must not even be asked. */
  readonly awsCalls?: 0;
}

/** One run of the sample application's own caller workflow. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly workflow:
    | '.github/workflows/deploy.yml'
    | '.github/workflows/gates.yml'
    | '.github/workflows/rollback.yml';
  readonly environment: 'staging' | 'production';
  readonly release: string;
  readonly expect: Expectation;
}

const deploy = '.github/workflows/deploy.yml';
const gates = '.github/workflows/gates.yml';
const rollback = '.github/workflows/rollback.yml';

const untouched = { serves: 'unchanged', waves: 0, hostsChanged: 0, awsCalls: 0 } as const;

/** The scenarios in the order in which they run, by the names that `--json` prints. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'gates',
    title: 'Gates of a pull request: lint, test and audit of 1.1.0',
    workflow: gates,
    environment: 'staging',
    release: '1.1.0',
    expect: {
      ...untouched,
      jobConclusion: 'success',
      verdict: 'pass',
      reasonCode: 'gates-passed',
    },
  },
  {
    name: 'first-deploy',
    title: 'First delivery of 1.0.0 to staging',
    workflow: deploy,
    environment: 'staging',
    release: '1.0.0',
    expect: {
      jobConclusion: 'success',
      verdict: 'pass',
      reasonCode: 'delivered',
      serves: '1.0.0',
      waves: 1,
      hostsChanged: 3,
    },
  },
  {
    name: 'approved-rollout',
    title: 'Approved rollout of 1.1.0 to production, in waves',
    workflow: deploy,
    environment: 'production',
    release: '1.1.0',
    expect: {
      jobConclusion: 'success',
      verdict: 'pass',
      reasonCode: 'delivered',
      serves: '1.1.0',
      waves: 3,
      hostsChanged: 6,
    },
  },
  {
    name: 'bad-release',
    title: '1.2.0 is bad: stopped in the first wave and taken back',
    workflow: deploy,
    environment: 'production',
    release: '1.2.0',
    expect: {
      jobConclusion: 'failure',
      verdict: 'fail',
      reasonCode: 'smoke-failed',
      serves: '1.1.0',
      waves: 1,
      hostsChanged: 2,
    },
  },
  {
    name: 'manual-rollback',
    title: 'Manual rollback of production to 1.0.0',
    workflow: rollback,
    environment: 'production',
    release: '1.0.0',
    expect: {
      jobConclusion: 'success',
      verdict: 'pass',
      reasonCode: 'rolled-back',
      serves: '1.0.0',
      waves: 3,
      hostsChanged: 6,
    },
  },
  {
    name: 'bad-gate',
    title: 'A test of 1.3.0 fails: stopped before AWS is asked anything',
    workflow: deploy,
    environment: 'production',
    release: '1.3.0',
    expect: {
      ...untouched,
      jobConclusion: 'failure',
      verdict: 'fail',
      reasonCode: 'gates-failed',
    },
  },
];

/**
 * What must be in place before a scenario can begin. Production needs a verified 1.0.0, since nothing is rolled out where
 * there is no way back; a scenario that is run alone needs what the ones before it would have left.
 */
export function preparationFor(names: readonly string[]): Scenario[] {
  const production = scenarios.filter(
    ({ name, environment, expect }) =>
      names.includes(name) && environment === 'production' && expect.hostsChanged > 0,
  );
  if (production.length === 0) return [];
  const first: Scenario = {
    name: 'prepare-1.0.0',
    title: 'Preparation: 1.0.0 to production',
    workflow: deploy,
    environment: 'production',
    release: '1.0.0',
    expect: {
      jobConclusion: 'success',
      verdict: 'pass',
      reasonCode: 'delivered',
      serves: '1.0.0',
      waves: 3,
      hostsChanged: 6,
    },
  };
  const rollout = scenarios.find(({ name }) => name === 'approved-rollout');
  if (rollout === undefined || names.includes(rollout.name)) return [first];
  return [first, { ...rollout, name: 'prepare-1.1.0', title: 'Preparation: 1.1.0 to production' }];
}

/** What was seen of a scenario, as far as its expectation speaks of it. */
export interface Observation {
  readonly jobConclusion: string;
  readonly verdict: string;
  readonly reasonCode: string;
  readonly hosts: readonly {
    readonly name: string;
    readonly release: string | null;
    readonly before: string | null;
  }[];
  readonly waves: number;
  readonly hostsChanged: number;
  /** Calls that the run made; those of the hosts do not count. */
  readonly awsCalls: number;
}

/** In what an observation differs from what was expected, one sentence each. */
export function problemsOf(expect: Expectation, seen: Observation): string[] {
  return [
    ...difference('conclusion of the run', expect.jobConclusion, seen.jobConclusion),
    ...difference('verdict', expect.verdict, seen.verdict),
    ...difference('reason code', expect.reasonCode, seen.reasonCode),
    ...difference('waves', expect.waves, seen.waves),
    ...difference('hosts that were changed', expect.hostsChanged, seen.hostsChanged),
    ...(expect.awsCalls === undefined
      ? []
      : difference('calls to AWS', expect.awsCalls, seen.awsCalls)),
    ...seen.hosts.flatMap(({ name, release, before }) => {
      const expected = expect.serves === 'unchanged' ? (before ?? 'nothing') : expect.serves;
      return difference(`release on ${name}`, expected, release ?? 'nothing');
    }),
  ];
}

function difference(what: string, expected: string | number, actual: string | number): string[] {
  return expected === actual ? [] : [`${what}: expected ${expected}, saw ${actual}`];
}
