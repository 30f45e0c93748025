import type { RunnerPort } from './runner-port.ts';

/** A runner for the tests of this package: it remembers what it is told, and its signals come by hand. */
export interface RecordingRunner extends RunnerPort {
  readonly outputs: Map<string, string>;
  readonly state: Map<string, string>;
  readonly masked: string[];
  readonly lines: string[];
  readonly debugLines: string[];
  readonly annotations: {
    readonly level: string;
    readonly message: string;
    readonly title?: string | undefined;
  }[];
  readonly exitCodes: number[];
  summary: string;
  signal(name: string): void;
  breakDown(cause: unknown): void;
}

export function recordingRunner(
  env: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  step: RunnerPort['step'] = 'main',
): RecordingRunner {
  let onSignal: ((signal: string) => void) | undefined;
  let onBreak: ((cause: unknown) => void) | undefined;
  let tokens = 0;
  const runner: RecordingRunner = {
    step,
    outputs: new Map(),
    state: new Map(),
    masked: [],
    lines: [],
    debugLines: [],
    annotations: [],
    exitCodes: [],
    summary: '',
    env,
    getInput: (name) => inputs[name] ?? '',
    setOutput: (name, value) => void runner.outputs.set(name, value),
    saveState: (name, value) => void runner.state.set(name, value),
    getState: (name) => runner.state.get(name) ?? '',
    mask: (value) => void runner.masked.push(value),
    writeLine: (line) => void runner.lines.push(line),
    debug: (message) => void runner.debugLines.push(message),
    annotate: (level, message, place) =>
      void runner.annotations.push({ level, message, title: place.title }),
    startGroup: (title) => void runner.lines.push(`::group::${title}`),
    endGroup: () => void runner.lines.push('::endgroup::'),
    appendSummary: async (markdown) => {
      runner.summary += markdown;
    },
    exit: (code) => void runner.exitCodes.push(code),
    onSignal: (handler) => {
      onSignal = handler;
    },
    onBreak: (handler) => {
      onBreak = handler;
    },
    now: () => 0,
    randomToken: () => `token-${(tokens += 1)}`,
    signal: (name) => onSignal?.(name),
    breakDown: (cause) => onBreak?.(cause),
  };
  return runner;
}
