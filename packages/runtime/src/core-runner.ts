import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as core from '@actions/core';
import { InternalError } from '@gatewright/verdict';
import type { RunnerPort } from './runner-port.ts';

const annotate = { error: core.error, warning: core.warning, notice: core.notice };

const unfinished =
  'The action waits for something that can never come: nothing is left to wake it.';

/** A socket that somebody forgot must not keep a finished step alive until the job's own timeout. */
const lingerMilliseconds = 3000;

/**
 * The file that the runner starts says it, not a state that the main step saved: a main step that was cancelled before
 * it could save anything would make a second deployment of its post step.
 */
function startedStep(file: string | undefined): RunnerPort['step'] {
  return basename(file ?? '') === 'post.js' ? 'post' : 'main';
}

/** The runner that runs this process. */
export function coreRunner(): RunnerPort {
  return {
    step: startedStep(process.argv[1]),
    env: process.env,
    getInput: (name) => core.getInput(name),
    setOutput: (name, value) => core.setOutput(name, value),
    saveState: (name, value) => core.saveState(name, value),
    getState: (name) => core.getState(name),
    mask: (value) => core.setSecret(value),
    writeLine: (line) => core.info(line),
    debug: (message) => core.debug(message),
    annotate: (level, message, place) => annotate[level](message, { ...place }),
    startGroup: (title) => core.startGroup(title),
    endGroup: () => core.endGroup(),
    appendSummary: async (markdown) => {
      await core.summary.addRaw(markdown).write();
    },
    exit: (code) => {
      process.exitCode = code;
      setTimeout(() => process.exit(code), lingerMilliseconds).unref();
    },
    onSignal: (handler) => {
      process.on('SIGINT', handler);
      process.on('SIGTERM', handler);
    },
    onBreak: (handler) => {
      process.on('uncaughtException', handler);
      process.on('unhandledRejection', handler);
      process.on('beforeExit', () => handler(new InternalError(unfinished)));
    },
    now: () => Date.now(),
    randomToken: () => randomUUID(),
  };
}
