import * as z from 'zod';
import { AwsError } from '../errors.ts';
import { head, stderrLimit, stdoutLimit } from '../host/output.ts';
import type { StepResult } from '../host/run-document.ts';
import type { Arns } from './arns.ts';
import { invocationStatus, isTerminal, summarise } from './command-state.ts';
import type { Command, Invocation } from './command.ts';
import { operation, optional } from './operation.ts';
import type { Operations } from './operation.ts';
import { page } from './paging.ts';

const listRequest = z.object({
  CommandId: optional(z.string()),
  InstanceId: optional(z.string()),
  MaxResults: optional(z.number()),
  NextToken: optional(z.string()),
  Filters: optional(z.array(z.object({ key: z.string(), value: z.string() }))),
  Details: optional(z.boolean()),
});
const getRequest = z.object({
  CommandId: z.string(),
  InstanceId: z.string(),
  PluginName: optional(z.string()),
});
type Filters = NonNullable<z.infer<typeof listRequest>['Filters']>;

function summaryOf(command: Command): ReturnType<typeof summarise> {
  return summarise({
    states: command.invocations.map(({ state }) => state),
    maxErrors: command.errorLimit,
    cancelled: command.cancelled,
  });
}

export function describeCommand(command: Command): object {
  const summary = summaryOf(command);
  return {
    CommandId: command.id,
    DocumentName: command.document.name,
    DocumentVersion: command.document.version,
    Comment: command.comment,
    ExpiresAfter: command.expires / 1000,
    Parameters: command.given,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: command.requested / 1000,
    Status: summary.status,
    StatusDetails: summary.details,
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
    MaxConcurrency: command.maxConcurrency,
    MaxErrors: command.maxErrors,
    TargetCount: summary.targets,
    CompletedCount: summary.completed,
    ErrorCount: summary.errors,
    DeliveryTimedOutCount: summary.deliveryTimedOut,
    ServiceRole: '',
    TimeoutSeconds: command.timeoutSeconds,
  };
}

/** What counts one read of an invocation towards a result that shows late. */
function countRead(invocation: Invocation): void {
  const { late } = invocation;
  if (late === undefined) return;
  late.reads -= 1;
  if (late.reads < 0) late.apply();
}

/** A plugin's details are the invocation's when SSM itself ended it, for the agent never reported. */
function stepDetails(invocation: Invocation, step: StepResult): string {
  if (step.status === 'TimedOut') return 'ExecutionTimedOut';
  if (step.status !== 'Pending' && step.status !== 'InProgress') return step.status;
  return isTerminal(invocation.state) ? invocation.state : step.status;
}

function pluginStatus(invocation: Invocation, step: StepResult): string {
  const open = step.status === 'Pending' || step.status === 'InProgress';
  return open && isTerminal(invocation.state) ? invocationStatus(invocation.state) : step.status;
}

function describePlugin(invocation: Invocation, step: StepResult): object {
  return {
    Name: step.name,
    Status: pluginStatus(invocation, step),
    StatusDetails: stepDetails(invocation, step),
    ResponseCode: step.code,
    ...(step.started !== undefined && { ResponseStartDateTime: step.started / 1000 }),
    ...(step.finished !== undefined && { ResponseFinishDateTime: step.finished / 1000 }),
    Output: step.output,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    OutputS3Region: '',
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
  };
}

function describeInvocation(invocation: Invocation, details: boolean): object {
  const { command, host, state } = invocation;
  return {
    CommandId: command.id,
    InstanceId: host.id,
    InstanceName: host.name,
    Comment: command.comment,
    DocumentName: command.document.name,
    DocumentVersion: command.document.version,
    RequestedDateTime: command.requested / 1000,
    Status: invocationStatus(state),
    StatusDetails: state,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    CommandPlugins: details ? invocation.steps.map((step) => describePlugin(invocation, step)) : [],
    ServiceRole: '',
  };
}

/** The guide spells some statuses with spaces. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll(' ', '').toLowerCase() === b.replaceAll(' ', '').toLowerCase();
}

function passes(command: Command, status: readonly string[], filters: Filters): boolean {
  const completed = !['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(status[0] ?? '');
  return filters.every(({ key, value }) => {
    switch (key) {
      case 'InvokedAfter':
        return command.requested >= Date.parse(value);
      case 'InvokedBefore':
        return command.requested < Date.parse(value);
      case 'DocumentName':
        return command.document.name === value;
      case 'ExecutionStage':
        return value === (completed ? 'Complete' : 'Executing');
      case 'Status':
        return status.some((one) => sameText(one, value));
      default:
        throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
    }
  });
}

function listInvocations(
  commands: readonly Command[],
  request: z.infer<typeof listRequest>,
): Invocation[] {
  const { CommandId, InstanceId, Filters: filters = [] } = request;
  const chosen = commands.filter(({ id }) => CommandId === undefined || id === CommandId);
  const visible = chosen.flatMap((command) => {
    if (command.hiddenReads === 0) return command.invocations;
    // Only whoever asks for this very command uses up its invisible reads, which keeps them countable.
    if (CommandId !== undefined) command.hiddenReads -= 1;
    return [];
  });
  const mine = visible.filter(({ host }) => InstanceId === undefined || host.id === InstanceId);
  for (const one of mine) countRead(one);
  return mine.filter(({ command, state }) =>
    passes(command, [state, invocationStatus(state)], filters),
  );
}

function chooseStep(invocation: Invocation, plugin: string | undefined): StepResult {
  const [only, ...more] = invocation.steps;
  const step =
    plugin === undefined && more.length === 0
      ? only
      : invocation.steps.find(({ name }) => name === plugin);
  if (step === undefined) {
    throw new AwsError(
      'InvalidPluginName',
      plugin === undefined
        ? 'The document has more than one step: PluginName must name one.'
        : `The plugin name ${plugin} is not valid.`,
    );
  }
  return step;
}

const isoTime = (time: number | undefined): string =>
  time === undefined ? '' : new Date(time).toISOString();

function getInvocation(commands: readonly Command[], request: z.infer<typeof getRequest>): object {
  const command = commands.find(({ id }) => id === request.CommandId);
  const invocation = command?.invocations.find(({ host }) => host.id === request.InstanceId);
  if (command === undefined || invocation === undefined || invocation.hiddenReads > 0) {
    if (invocation !== undefined) invocation.hiddenReads -= 1;
    throw new AwsError('InvocationDoesNotExist', '');
  }
  countRead(invocation);
  const step = chooseStep(invocation, request.PluginName);
  const { started, finished } = step;
  const single = invocation.steps.length === 1;
  const seconds = started === undefined ? undefined : ((finished ?? Date.now()) - started) / 1000;
  return {
    CommandId: command.id,
    InstanceId: invocation.host.id,
    Comment: command.comment,
    DocumentName: command.document.name,
    DocumentVersion: command.document.version,
    PluginName: step.name,
    ResponseCode: step.code,
    ExecutionStartDateTime: isoTime(started),
    ExecutionElapsedTime: seconds === undefined ? '' : `PT${seconds}S`,
    ExecutionEndDateTime: isoTime(finished),
    // With one step the invocation's own status is told, which alone knows Delayed and Cancelling.
    Status: single ? invocationStatus(invocation.state) : pluginStatus(invocation, step),
    StatusDetails: single ? invocation.state : stepDetails(invocation, step),
    StandardOutputContent: head(step.stdout, stdoutLimit),
    StandardOutputUrl: '',
    StandardErrorContent: head(step.stderr, stderrLimit),
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

/** The reading half of Run Command; eventually consistent, as SSM is. */
export function createCommandView(commands: readonly Command[], arns: Arns): Operations {
  const anywhere = (): string[] => [arns.any];
  return {
    ListCommands: operation(listRequest, {
      resources: anywhere,
      run: (request) => {
        const {
          CommandId,
          InstanceId,
          Filters: filters = [],
          MaxResults = 50,
          NextToken,
        } = request;
        const found = commands
          .filter(({ id }) => CommandId === undefined || id === CommandId)
          .filter(
            ({ invocations }) =>
              InstanceId === undefined || invocations.some(({ host }) => host.id === InstanceId),
          )
          .filter((command) => {
            const { status, details } = summaryOf(command);
            return passes(command, [status, details], filters);
          })
          .toReversed();
        const { items, ...rest } = page(found, MaxResults, NextToken, 'commands');
        return { Commands: items.map(describeCommand), ...rest };
      },
    }),
    ListCommandInvocations: operation(listRequest, {
      resources: anywhere,
      run: (request) => {
        const { MaxResults = 50, NextToken, Details = false } = request;
        const found = listInvocations(commands, request);
        const { items, ...rest } = page(found, MaxResults, NextToken, 'invocations');
        return {
          CommandInvocations: items.map((one) => describeInvocation(one, Details)),
          ...rest,
        };
      },
    }),
    GetCommandInvocation: operation(getRequest, {
      resources: anywhere,
      run: (request) => getInvocation(commands, request),
    }),
  };
}
