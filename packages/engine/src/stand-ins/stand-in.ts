import type { Json, JsonRecord } from '../expressions/data.ts';

/** An artifact of the run, as upload-artifact left it. */
export interface Artifact {
  readonly name: string;
  /** Where its files lie; inside the run's `workRoot`. */
  readonly directory: string;
  /** Paths of the files inside it, sorted. */
  readonly files: readonly string[];
}

/** The artifacts of one run. */
export interface ArtifactStore {
  list(): readonly Artifact[];
  /** Opens a new, empty place for an artifact. @throws Error when the name is taken and `overwrite` is false. */
  create(name: string, overwrite: boolean): Promise<{ readonly directory: string }>;
  /** Makes the artifact visible to others. */
  finish(name: string): Promise<Artifact>;
}

/** What a stand-in can see and do; the same that the action itself would have. */
export interface StandInContext {
  /** Every known input, with the empty string for the ones that were not given. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly temp: string;
  /** Path of the Node 24 binary that runs actions. */
  readonly node24: string;
  readonly github: JsonRecord;
  readonly artifacts: ArtifactStore;
  /** The caller's repository at a ref or SHA; undefined when there is none. */
  tree(ref: string): { readonly sha: string; readonly directory: string } | undefined;
  /** Aborts when the step is cancelled or out of time. */
  readonly signal: AbortSignal;
  log(line: string): void;
  warning(message: string): void;
  setOutput(name: string, value: string): void;
  exportVariable(name: string, value: string): void;
  addMask(value: string): void;
  /** Puts a directory before the PATH of the steps that follow. */
  addPath(directory: string): void;
}

/** Takes the place of a third-party action. Throwing fails the step with the error's message. */
export interface StandIn {
  /** The inputs it understands; any other one in `with:` is an error that names the line. */
  readonly inputs: readonly string[];
  run(context: StandInContext): Promise<void>;
}

/** The text of a field of a context; empty when it is not there. */
export function fieldOf(record: JsonRecord, name: string): string {
  const value: Json | undefined = record[name];
  return typeof value === 'string' ? value : '';
}
