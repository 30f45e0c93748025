/** Everything that one run of the demo recorded; plain data, made by the demo and read by its reports. */
export interface DemoRecord {
  /** ISO 8601, in UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  /** Whether every scenario ended as it should; the bad release should end red. */
  readonly ok: boolean;
  readonly scenarios: readonly ScenarioRecord[];
  /** What had to happen before a scenario could begin, for example an earlier release in production. */
  readonly preparation: readonly ScenarioRecord[];
  /** What stood in for a part of GitHub or AWS, one sentence each. */
  readonly standIns: readonly string[];
  readonly notes: readonly string[];
}

export interface ScenarioRecord {
  /** Name of the scenario, or of a preparation. */
  readonly name: string;
  readonly title: string;
  readonly environment: string;
  /** The release that was asked for. */
  readonly release: string;
  readonly verdict: string;
  readonly reasonCode: string;
  /** What GitHub shows for the run: `success`, `failure`, `cancelled`. */
  readonly jobConclusion: string;
  /** What each host serves at the end; `null` when nothing. */
  readonly hosts: readonly HostRecord[];
  readonly waves: number;
  /** Calls to AWS that the run made; those of the hosts do not count. */
  readonly awsCalls: number;
  readonly failedRequests: number;
  readonly seconds: number;
  readonly events: readonly DemoEvent[];
  readonly hostTimeline: readonly HostTimeline[];
  /** The job summaries, the brief among them. */
  readonly summaries: readonly JobSummary[];
  /** In what the scenario did not end as it should; empty when it did. */
  readonly problems: readonly string[];
  /** What the background prober saw, a second an entry. */
  readonly requests?: readonly RequestWindow[];
}

export interface HostRecord {
  readonly id: string;
  readonly name: string;
  readonly release: string | null;
}

/** What kind of moment an event marks; decides its sign in the timeline. */
export type EventKind =
  | 'started'
  | 'approval-asked'
  | 'approval'
  | 'wave-start'
  | 'wave-end'
  | 'smoke-pass'
  | 'smoke-fail'
  | 'rollback'
  | 'finished'
  | 'note';

export interface DemoEvent {
  /** Milliseconds since the scenario began. */
  readonly at: number;
  readonly kind: EventKind;
  readonly text: string;
  readonly wave?: number;
  readonly hostId?: string;
}

export interface HostTimeline {
  readonly hostId: string;
  /** In order, without overlap. */
  readonly spans: readonly HostSpan[];
}

export interface HostSpan {
  /** Milliseconds since the scenario began. */
  readonly from: number;
  readonly to: number;
  readonly release: string | null;
  readonly state: 'serving' | 'changing' | 'down';
}

export interface JobSummary {
  readonly job: string;
  /** GitHub Markdown, as the run wrote it: not trusted. */
  readonly markdown: string;
}

export interface RequestWindow {
  readonly second: number;
  readonly total: number;
  readonly failed: number;
}

/** The document that `gatewright demo --json` prints. */
export interface JsonDocument {
  readonly ok: boolean;
  readonly scenarios: readonly JsonScenario[];
}

export interface JsonScenario {
  readonly name: string;
  readonly environment: string;
  readonly release: string;
  readonly verdict: string;
  readonly reasonCode: string;
  readonly jobConclusion: string;
  readonly hosts: readonly { readonly id: string; readonly release: string | null }[];
  readonly waves: number;
  readonly awsCalls: number;
  readonly failedRequests: number;
  readonly seconds: number;
}

/** The record as machines read it: the scenarios without preparation, events and texts. */
export function toJsonDocument(record: DemoRecord): JsonDocument {
  return {
    ok: record.ok,
    scenarios: record.scenarios.map((scenario) => ({
      name: scenario.name,
      environment: scenario.environment,
      release: scenario.release,
      verdict: scenario.verdict,
      reasonCode: scenario.reasonCode,
      jobConclusion: scenario.jobConclusion,
      hosts: scenario.hosts.map(({ id, release }) => ({ id, release })),
      waves: scenario.waves,
      awsCalls: scenario.awsCalls,
      failedRequests: scenario.failedRequests,
      seconds: scenario.seconds,
    })),
  };
}
