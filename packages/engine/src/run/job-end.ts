import type { Conclusion } from '../platform.ts';
import type { JobRecord } from './result.ts';
import type { JobResult } from './scopes.ts';

/** What became of the jobs of one workflow. */
export interface JobsEnd {
  readonly results: ReadonlyMap<string, JobResult>;
  /** In the order of the file. */
  readonly records: readonly JobRecord[];
}

/** What became of one job; a calling job has the records of all jobs that it called. */
export interface JobEnd {
  readonly result: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly records: readonly JobRecord[];
}
