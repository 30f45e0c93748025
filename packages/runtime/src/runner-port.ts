import type { AnnotationPlace } from '@gatewright/contract';

/** The runner as the runtime sees it. The one real binding is core-runner.ts; tests pass a recording one. */
export interface RunnerPort {
  /** Which step of the job this process is: the action's own, or the one that settles at the end. */
  readonly step: 'main' | 'post';
  readonly env: Readonly<Record<string, string | undefined>>;
  getInput(name: string): string;
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
  getState(name: string): string;
  /** Tells the runner to replace the value in everything that it shows. */
  mask(value: string): void;
  /** Writes one line to the log as it is: the caller has made it safe. */
  writeLine(line: string): void;
  debug(message: string): void;
  annotate(level: 'error' | 'warning' | 'notice', message: string, place: AnnotationPlace): void;
  startGroup(title: string): void;
  endGroup(): void;
  appendSummary(markdown: string): Promise<void>;
  /** Ends the process with this code once the loop is empty, or soon after when something keeps it alive. */
  exit(code: number): void;
  /** Calls the handler for every SIGINT and SIGTERM. */
  onSignal(handler: (signal: string) => void): void;
  /** Calls the handler when the process would end or break before the action did. */
  onBreak(handler: (cause: unknown) => void): void;
  now(): number;
  randomToken(): string;
}
