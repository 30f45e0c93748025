import type { MappingNode, Node, Position } from './node.ts';

/** The commit a file was read from. `$/` inside the file means this very tree. */
export interface Origin {
  /** `owner/name`. */
  readonly repository: string;
  /** The ref as it was asked for: `refs/heads/main`, `v1`, a SHA. */
  readonly ref: string;
  readonly sha: string;
  /** The tree at that commit. */
  readonly directory: string;
}

export const inputTypes = ['boolean', 'choice', 'environment', 'number', 'string'] as const;
export type InputType = (typeof inputTypes)[number];

export interface InputDefinition {
  readonly name: string;
  readonly at: Position;
  readonly type: InputType;
  readonly required: boolean;
  readonly default: Node | undefined;
  readonly options: readonly string[];
}

export interface Condition {
  /** The expression with GitHub's implicit `success()` written out. */
  readonly expression: string;
  readonly at: Position;
}

export interface Defaults {
  readonly shell: Node | undefined;
  readonly workingDirectory: Node | undefined;
}

export interface StepSpec {
  readonly id: string;
  readonly at: Position;
  readonly name: Node | undefined;
  readonly condition: Condition;
  readonly env: MappingNode | undefined;
  readonly continueOnError: Node | undefined;
  readonly timeoutMinutes: Node | undefined;
  readonly work: RunWork | UsesWork;
}

export interface RunWork {
  readonly kind: 'run';
  readonly script: Node;
  readonly shell: Node | undefined;
  readonly workingDirectory: Node | undefined;
}

export interface UsesWork {
  readonly kind: 'uses';
  readonly uses: string;
  readonly at: Position;
  readonly with: MappingNode | undefined;
}

interface JobBase {
  readonly id: string;
  readonly at: Position;
  readonly name: Node | undefined;
  readonly needs: readonly string[];
  readonly condition: Condition;
  readonly permissions: Node | undefined;
  readonly concurrency: Node | undefined;
}

export interface StepsJob extends JobBase {
  readonly kind: 'steps';
  readonly env: MappingNode | undefined;
  readonly environment: Node | undefined;
  readonly outputs: MappingNode | undefined;
  readonly defaults: Defaults;
  readonly timeoutMinutes: Node | undefined;
  readonly continueOnError: Node | undefined;
  readonly steps: readonly StepSpec[];
}

export interface CallJob extends JobBase {
  readonly kind: 'call';
  readonly uses: string;
  readonly usesAt: Position;
  readonly with: MappingNode | undefined;
}

export type JobSpec = StepsJob | CallJob;

export interface WorkflowFile {
  readonly origin: Origin;
  /** Path inside the repository. */
  readonly path: string;
  readonly at: Position;
  readonly name: string;
  readonly runName: Node | undefined;
  readonly events: readonly string[];
  readonly dispatchInputs: readonly InputDefinition[];
  readonly callInputs: readonly InputDefinition[];
  readonly callOutputs: readonly { readonly name: string; readonly value: Node }[];
  readonly env: MappingNode | undefined;
  readonly permissions: Node | undefined;
  readonly concurrency: Node | undefined;
  readonly defaults: Defaults;
  readonly jobs: readonly JobSpec[];
}
