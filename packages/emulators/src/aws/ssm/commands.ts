import * as z from 'zod';
import { AwsError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { timeoutSeconds } from '../host/run-document.ts';
import type { Random } from '../random.ts';
import type { Arns } from './arns.ts';
import type { CommandEngine } from './command-engine.ts';
import { describeCommand } from './command-view.ts';
import { absoluteLimit } from './command-state.ts';
import { newInvocation } from './command.ts';
import type { Command, Invocation } from './command.ts';
import { resolveParameters } from './document-content.ts';
import type { Documents } from './documents.ts';
import { hasTag } from './instances.ts';
import { operation, optional } from './operation.ts';
import type { Operations } from './operation.ts';

const sendRequest = z.object({
  DocumentName: z.string(),
  DocumentVersion: optional(z.string()),
  DocumentHash: optional(z.string()),
  DocumentHashType: optional(z.string()),
  InstanceIds: optional(z.array(z.string())),
  Targets: optional(z.array(z.object({ Key: z.string(), Values: z.array(z.string()) }))),
  TimeoutSeconds: optional(z.number()),
  Comment: optional(z.string()),
  Parameters: optional(z.record(z.string(), z.array(z.string()))),
  MaxConcurrency: optional(z.string()),
  MaxErrors: optional(z.string()),
});
const cancelRequest = z.object({
  CommandId: z.string(),
  InstanceIds: optional(z.array(z.string())),
});
type SendRequest = z.infer<typeof sendRequest>;

export interface CommandOptions {
  readonly hosts: readonly Host[];
  readonly arns: Arns;
  readonly accountId: string;
  readonly documents: Documents;
  readonly engine: CommandEngine;
  readonly random: Random;
  /** Every command so far, the newest last. */
  readonly commands: Command[];
  readonly invisibleReads: number | undefined;
}

function refuseInstances(ids: readonly string[], accountId: string): never {
  throw new AwsError(
    'InvalidInstanceId',
    `Instances [[${ids.join(', ')}]] not in a valid state for account ${accountId}`,
  );
}

/** Explicit ids must all be managed and connected: one that is not fails the whole call. */
function hostsById(ids: readonly string[], options: CommandOptions): Host[] {
  const usable = options.hosts.filter(({ state }) => state === 'online' || state === 'silent');
  const found = ids.map((id) => usable.find((host) => host.id === id));
  const missing = ids.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) refuseInstances(missing, options.accountId);
  return found.filter((host) => host !== undefined);
}

function hostsByTarget(
  targets: NonNullable<SendRequest['Targets']>,
  options: CommandOptions,
): Host[] {
  const ids = targets.filter(({ Key }) => Key === 'InstanceIds').flatMap(({ Values }) => Values);
  const byId = ids.length > 0 ? hostsById(ids, options) : options.hosts;
  return byId.filter((host) =>
    targets.every(({ Key, Values }) => {
      if (Key === 'InstanceIds') return true;
      const tagged = hasTag(host, Key, Values);
      if (tagged === undefined) {
        throw new AwsError('ValidationException', `The target key ${Key} is not valid.`);
      }
      return tagged;
    }),
  );
}

function chooseHosts(
  { InstanceIds = [], Targets = [] }: SendRequest,
  options: CommandOptions,
): Host[] {
  if (InstanceIds.length > 0 && Targets.length > 0) {
    throw new AwsError('ValidationException', 'Only one of InstanceIds and Targets may be given.');
  }
  if (InstanceIds.length === 0 && Targets.length === 0) {
    throw new AwsError('ValidationException', 'One of InstanceIds and Targets must be given.');
  }
  const duplicate = InstanceIds.find((id, index) => InstanceIds.indexOf(id) !== index);
  if (duplicate !== undefined) {
    throw new AwsError('DuplicateInstanceId', `Instance ${duplicate} is given twice.`);
  }
  return InstanceIds.length > 0 ? hostsById(InstanceIds, options) : hostsByTarget(Targets, options);
}

function send(request: SendRequest, options: CommandOptions): object {
  const { name, version, content } = options.documents.choose({
    name: request.DocumentName,
    version: request.DocumentVersion,
    hash: request.DocumentHash,
    hashType: request.DocumentHashType,
  });
  const given = request.Parameters ?? {};
  const parameters = resolveParameters(content, given);
  const hosts = chooseHosts(request, options);
  const { TimeoutSeconds = 3600, MaxConcurrency = '50', MaxErrors = '0' } = request;
  const execution = Math.max(...content.steps.map((step) => timeoutSeconds(step, parameters)));
  const requested = Date.now();
  const hiddenReads = options.invisibleReads ?? options.random.below(3);
  const command: Command = {
    id: options.random.uuid(),
    document: { name, version },
    content,
    given,
    parameters,
    comment: request.Comment ?? '',
    instanceIds: request.InstanceIds ?? [],
    targets: request.Targets ?? [],
    maxConcurrency: MaxConcurrency,
    maxErrors: MaxErrors,
    window: Math.max(1, absoluteLimit(MaxConcurrency, hosts.length)),
    errorLimit: absoluteLimit(MaxErrors, hosts.length),
    timeoutSeconds: TimeoutSeconds,
    requested,
    expires: requested + (TimeoutSeconds + execution) * 1000,
    invocations: [],
    hiddenReads,
    cancelled: false,
  };
  command.invocations.push(...hosts.map((host) => newInvocation(command, host, hiddenReads)));
  options.commands.push(command);
  options.engine.start(command);
  return { Command: describeCommand(command) };
}

function cancel(
  { CommandId, InstanceIds = [] }: z.infer<typeof cancelRequest>,
  options: CommandOptions,
): object {
  const command = options.commands.find(({ id }) => id === CommandId);
  if (command === undefined) {
    throw new AwsError('InvalidCommandId', 'The specified command ID is not valid.');
  }
  const invocationOf = (id: string): Invocation | undefined =>
    command.invocations.find(({ host }) => host.id === id);
  const unknown = InstanceIds.filter((id) => invocationOf(id) === undefined);
  if (unknown.length > 0) refuseInstances(unknown, options.accountId);
  const chosen =
    InstanceIds.length === 0
      ? command.invocations
      : command.invocations.filter(({ host }) => InstanceIds.includes(host.id));
  options.engine.cancel(command, chosen);
  return {};
}

export function createCommands(options: CommandOptions): Operations {
  const { arns } = options;
  return {
    SendCommand: operation(sendRequest, {
      // The document and every instance must be allowed; with tag targets, any instance.
      resources: ({ DocumentName, InstanceIds = [] }) => [
        arns.document(DocumentName.slice(DocumentName.lastIndexOf('/') + 1)),
        ...(InstanceIds.length > 0 ? InstanceIds : ['*']).map(arns.instance),
      ],
      run: (request) => send(request, options),
    }),
    CancelCommand: operation(cancelRequest, {
      resources: () => [arns.any],
      run: (request) => cancel(request, options),
    }),
  };
}
