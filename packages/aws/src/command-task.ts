import { createHash } from 'node:crypto';

import type { Host, Operation } from '@gatewright/delivery';
import { hostParameters } from '@gatewright/host';
import type { HostOperation } from '@gatewright/host';

import type { PinnedDocument } from './document.ts';
import type { CommandRequest } from './send-command.ts';
import type { SsmApi } from './ssm-api.ts';
import type { Polling } from './watch-command.ts';

/** What happens to commands, for the state that a post step needs. */
export type CommandEvent =
  | {
      readonly kind: 'command-sent';
      readonly commandId: string;
      readonly operation: Operation['kind'];
      readonly hostIds: readonly string[];
    }
  | { readonly kind: 'command-ended'; readonly commandId: string };

/** What the fleet needs besides SSM. */
export interface FleetOptions extends Polling {
  readonly app: string;
  /** Names this attempt of this run; hosts never run the same step of it twice. */
  readonly runId: string;
  readonly document: PinnedDocument;
  readonly keepReleases: number;
  readonly deliveryTimeoutSeconds: number;
  readonly hostTimeoutSeconds: number;
  readonly observe?: (event: CommandEvent) => void;
}

/** One command to be sent to at most 50 hosts. */
export interface CommandTask {
  readonly api: SsmApi;
  readonly options: FleetOptions;
  readonly operation: Operation;
  readonly hosts: readonly Host[];
}

/** The agent kills the program this long after the program should have ended by itself. */
const killSlackSeconds = 30;
/** Our own deadline lies this long after the last moment at which SSM should have answered. */
const deadlineSlackSeconds = 30;
const lookTimeoutSeconds = 60;

/** The step as hosts know it: with the generation, so that a second rollout of the same run has steps of its own. */
export function stepIdOf(operation: Operation): string {
  return `g${operation.generation}-${operation.step}`;
}

/** Whether the operation changes nothing on a host. */
export function isLook(operation: Operation): boolean {
  return operation.kind === 'preflight' || operation.kind === 'status';
}

/** From the moment of sending, in seconds: by then SSM must have ended the command in one way or another. */
export function deadlineSeconds(task: CommandTask): number {
  const execution = timeoutSeconds(task) + killSlackSeconds;
  return task.options.deliveryTimeoutSeconds + execution + deadlineSlackSeconds;
}

function timeoutSeconds({ operation, options }: CommandTask): number {
  const { hostTimeoutSeconds } = options;
  return isLook(operation) ? Math.min(hostTimeoutSeconds, lookTimeoutSeconds) : hostTimeoutSeconds;
}

/**
 * What goes to SendCommand.
 *
 * @throws ConfigurationError `input-invalid` when a value has a form that the document does not let through.
 */
export function commandRequest(task: CommandTask): CommandRequest {
  const { options, operation } = task;
  const hostIds = task.hosts.map((host) => host.id);
  // Two environments may be at the same step of the same run; their hosts tell them apart.
  const mark = createHash('sha256').update(hostIds.join()).digest('hex').slice(0, 8);
  return {
    document: options.document,
    hostIds,
    parameters: hostParameters(hostOperation(task)),
    comment: `gatewright ${mark} ${options.runId}/${stepIdOf(operation)}`.slice(0, 100),
    deliveryTimeoutSeconds: options.deliveryTimeoutSeconds,
  };
}

function hostOperation(task: CommandTask): HostOperation {
  const { operation, options } = task;
  const common = {
    app: options.app,
    runId: options.runId,
    stepId: stepIdOf(operation),
    generation: operation.generation,
    keep: options.keepReleases,
    timeoutSeconds: timeoutSeconds(task),
    executionTimeoutSeconds: timeoutSeconds(task) + killSlackSeconds,
  };
  const none = { version: '', digest: '', source: '' };
  if (operation.kind === 'status') {
    return { kind: 'status', ...common, ...none, ...operation.about };
  }
  if (operation.kind === 'revert') {
    return { kind: 'revert', ...common, ...none, ...operation.to };
  }
  const { version, digest, source, bytes } = operation.release;
  return { kind: operation.kind, ...common, version, digest, source, bytes };
}
