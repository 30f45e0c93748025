import type { EnvironmentPolicy, ReleaseManifest } from '@gatewright/config';
import type { RunContext } from '@gatewright/contract';
import type { Readings } from './brief.ts';

/** Something that a reviewer approves without knowing it. */
export interface Unknown {
  readonly what: string;
  /** Our own words: why it is not known, or when it will be. */
  readonly because: string;
  /** What somebody else said; not trusted. */
  readonly said?: string;
}

interface Given {
  readonly policy: EnvironmentPolicy;
  readonly release: ReleaseManifest;
  readonly run: RunContext;
  readonly readings: Readings;
}

/** What could not be read this time, then what nobody can know before the approval. */
export function unknownsOf(given: Given): Unknown[] {
  return [...failedReadings(given), ...alwaysUnknown(given)];
}

function failedReadings({ policy, release, run, readings }: Given): Unknown[] {
  const { deployed, changes, artifactCompared } = readings;
  return [
    ...(deployed.kind === 'unreadable'
      ? [
          {
            what: 'What is deployed now, and so what changes',
            because: 'GitHub did not tell.',
            said: deployed.why,
          },
        ]
      : []),
    ...(changes?.kind === 'unreadable'
      ? [{ what: 'What changes', because: 'GitHub did not tell.', said: changes.why }]
      : []),
    ...(release.commit === run.sha
      ? []
      : [
          {
            what: 'Why the release was built from another commit than that of this run',
            because: 'This run is of:',
            said: run.sha,
          },
        ]),
    ...(artifactCompared
      ? []
      : [
          {
            what: 'Whether the artifact has this digest',
            because: 'compared by the deploy job, and by each host before it switches.',
          },
        ]),
    ...(policy.probeHosts || policy.url !== undefined
      ? []
      : [
          {
            what: 'Whether the release works',
            because: 'the policy lets the runner ask neither the hosts nor a public entry.',
          },
        ]),
  ];
}

function alwaysUnknown({ policy, readings: { deployed } }: Given): Unknown[] {
  const demanded = policy.targets.minimumHosts;
  const known = deployed.kind === 'read' && deployed.value !== undefined;
  return [
    {
      what: 'Which hosts are online',
      because: `asked after the approval. The plan assumes the ${demanded} that the policy demands; more hosts make more or larger waves.`,
    },
    {
      what: 'Which release the hosts serve',
      because: known
        ? 'asked after the approval. GitHub counts a rollback as a deployment of the commit that it was started from, so after one the commit above is not what the hosts serve.'
        : 'asked after the approval.',
    },
    {
      what: 'Whether every host can go back',
      because: 'proven on each host before the first one is changed; otherwise none is.',
    },
    {
      what: 'Whether another delivery is under way',
      because: 'the lock of the environment is asked for after the approval.',
    },
    {
      what: 'Whether lint, tests and audits passed',
      because: 'not part of this page; see the checks of the commit.',
    },
  ];
}
