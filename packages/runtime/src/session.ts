import { allInputs } from '@gatewright/contract';
import type { ActionContext, ActionContract } from '@gatewright/contract';
import { createAnnotations } from './annotations.ts';
import type { Annotations } from './annotations.ts';
import { createLogger, showAnnotation, writeMessage } from './logger.ts';
import { createMasks } from './masks.ts';
import type { Masks } from './masks.ts';
import type { RunnerPort } from './runner-port.ts';

/** One process of one action: its log, its masks, and whether it was told to stop. */
export interface Session {
  readonly runner: RunnerPort;
  readonly masks: Masks;
  readonly annotations: Annotations;
  /** Writes to the log. */
  say(message: string): void;
  /** The signal that asked the action to stop, once one did. */
  cancelledBy(): string | undefined;
  /** @throws ConfigurationError `runner-context-invalid` */
  context(): Promise<ActionContext>;
  /** What `body` gives; rejects when the process breaks or has nothing left to wait for. */
  guard<T>(body: () => Promise<T>): Promise<T>;
}

/** Before anything is read or said: a complaint about one input must not show the value of another. */
function maskInputs(runner: RunnerPort, masks: Masks, contract: ActionContract): void {
  for (const [name, codec] of Object.entries(allInputs(contract))) {
    const value = codec.secret ? runner.getInput(name) : '';
    if (value !== '') masks.add(value);
  }
}

/** Masks the secret inputs, listens to signals, and makes everything else that an action stands on. */
export function openSession(runner: RunnerPort, contract: ActionContract): Session {
  const masks = createMasks((form) => runner.mask(form));
  maskInputs(runner, masks, contract);
  const parts = { runner, masks };
  const annotations = createAnnotations(
    (annotation) => showAnnotation(parts, annotation),
    ({ level, message }) => writeMessage(parts, `${level}: ${message}`),
  );
  const log = createLogger({ ...parts, annotations });
  const stop = new AbortController();
  let cancelledBy: string | undefined;
  // The handlers stay until the process ends: a second signal must not kill what the first one is settling.
  runner.onSignal((signal) => {
    if (cancelledBy === undefined) log.info(`Received ${signal}: settling what is under way.`);
    cancelledBy ??= signal;
    stop.abort(new Error(`Received ${signal}.`));
  });
  const broken = new Promise<never>((_, reject) => {
    runner.onBreak((cause) => {
      reject(cause);
      stop.abort(cause);
    });
  });
  // Nobody may be waiting when the process breaks late.
  broken.catch(() => undefined);
  return {
    runner,
    masks,
    annotations,
    say: (message) => log.info(message),
    cancelledBy: () => cancelledBy,
    guard: (body) => Promise.race([body(), broken]),
    async context() {
      // Only now: a wrong input should be told at once, without loading what reads the run.
      const { readRunContext } = await import('./run-context.ts');
      return {
        log,
        signal: stop.signal,
        run: await readRunContext(runner.env),
        saveState: (key, value) => runner.saveState(key, value),
        setSecret: (value) => masks.add(value),
        now: () => runner.now(),
      };
    },
  };
}
