import type { GateName } from '@gatewright/verdict';

/** A program that was found. */
export interface FoundProgram {
  /** Absolute, or a name that is looked up on the PATH. */
  readonly path: string;
}

/** What is known of a project, and everything that a plan is made from. */
export interface Project {
  /** Names in the directory, those of directories included. */
  readonly names: ReadonlySet<string>;
  /** Texts of manifests and settings by their name; absent when they could not be read. */
  readonly texts: ReadonlyMap<string, string>;
  /** Programs of the project (`node_modules/.bin`, a virtual environment) or of the PATH, by name. */
  readonly programs: ReadonlyMap<string, FoundProgram>;
  /** Versions of installed npm packages by name. */
  readonly packages: ReadonlyMap<string, string>;
}

/** A report that a step leaves. */
export interface StepReport {
  /** What the step prints on standard output, or the file that it writes. */
  readonly from: 'stdout' | 'file';
  /** File name in the scratch directory. */
  readonly name: string;
  /** Absent for coverage: recognised by content. */
  readonly format?: string;
  readonly coverage: boolean;
  /** The format whose clean report is no text at all. */
  readonly silentFormat?: string;
}

/** One program to run. */
export interface ToolStep {
  /** As users call it. */
  readonly tool: string;
  /** {@link scratch} stands for the scratch directory. */
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** The file and, within it, the key that decided it. */
  readonly decidedBy: string;
  readonly version?: string;
  /** Exit codes with which the tool says that it has looked at everything. */
  readonly completeWith: readonly number[];
  readonly reports: readonly StepReport[];
}

/** What will run, and what will not. */
export interface ToolPlan {
  readonly gate: GateName;
  readonly steps: readonly ToolStep[];
  /** What the project wants to be looked at by, but cannot be run: each is an error, since its findings are missing. */
  readonly gaps: readonly string[];
  /** Tools that are known and that this project is not set up for. */
  readonly undetected: readonly string[];
  /** What else was decided, one sentence each. */
  readonly notes: readonly string[];
}

/** Stands for the scratch directory in the arguments and variables of a step. */
export const scratch = '{scratch}';

/** What one tool makes of a project. */
export type Detected =
  | { readonly kind: 'steps'; readonly steps: readonly ToolStep[]; readonly note?: string }
  | { readonly kind: 'gap'; readonly problem: string }
  | undefined;

/** Knows one tool. */
export interface Detector {
  readonly tool: string;
  readonly detect: (project: Project) => Detected;
}

/** The plan of a gate from what each of its tools says. */
export function planFrom(
  gate: GateName,
  detectors: readonly Detector[],
  project: Project,
): ToolPlan {
  const all = detectors.map(({ tool, detect }) => ({ tool, found: detect(project) }));
  return {
    gate,
    steps: all.flatMap(({ found }) => (found?.kind === 'steps' ? found.steps : [])),
    gaps: all.flatMap(({ found }) => (found?.kind === 'gap' ? [found.problem] : [])),
    undetected: all.filter(({ found }) => found === undefined).map(({ tool }) => tool),
    notes: all.flatMap(({ found }) => (found?.kind === 'steps' ? (found.note ?? []) : [])),
  };
}
