import { createHash } from 'node:crypto';
import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import type { Command, SendCommandCommandInput } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AwsOptions } from './index.ts';
import { host, hostId, hosts, openWorld, step } from './test-support.ts';
import type { World } from './test-support.ts';

const worlds: World[] = [];
async function world(options: Partial<AwsOptions> = {}): Promise<World> {
  const opened = await openWorld(options);
  worlds.push(opened);
  return opened;
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((one) => one.close()));
});

const shell = (...commands: string[]): SendCommandCommandInput => ({
  DocumentName: 'AWS-RunShellScript',
  Parameters: { commands },
});
const onSample = { Targets: [{ Key: 'tag:App', Values: ['sample'] }] };

async function send({ ssm }: World, input: SendCommandCommandInput): Promise<Command> {
  const { Command: command } = await ssm.send(new SendCommandCommand(input));
  if (command === undefined) throw new Error('no command');
  return command;
}

async function commandOf({ ssm }: World, id: string): Promise<Command | undefined> {
  const list = await ssm.send(new ListCommandsCommand({ CommandId: id }));
  return list.Commands?.[0];
}

async function statesOf(one: World, id: string): Promise<(string | undefined)[]> {
  return (await one.invocations(id)).map(({ StatusDetails }) => StatusDetails);
}

/** How many reads did not see each of four commands. */
async function counts(): Promise<number[]> {
  const one = await openWorld({ seed: 7 });
  const found: number[] = [];
  for (let number = 0; number < 4; number += 1) {
    const id = await one.run({ ...shell('true'), InstanceIds: [hostId(1)] });
    let reads = 0;
    while ((await one.invocations(id)).length === 0) reads += 1;
    found.push(reads);
  }
  await one.close();
  return found;
}

describe('SendCommand', () => {
  it('answers Pending, with an expiry of delivery and execution timeout together', async () => {
    const one = await world();
    const command = await send(one, {
      ...shell('true'),
      InstanceIds: [hostId(1)],
      TimeoutSeconds: 60,
      Comment: 'gatewright 1/2',
    });
    expect(command).toMatchObject({ Status: 'Pending', TargetCount: 1, Comment: 'gatewright 1/2' });
    const { ExpiresAfter, RequestedDateTime } = command;
    expect(Number(ExpiresAfter) - Number(RequestedDateTime)).toBe((60 + 3600) * 1000);
    await one.aws.settled(command.CommandId ?? '');
  });

  it('runs on every host that a tag selects', async () => {
    const one = await world({ hosts: [host(1), host(2), host(3, { tags: { App: 'other' } })] });
    const id = await one.run({ ...shell('echo "$AWS_SSM_INSTANCE_ID"'), ...onSample });
    expect((await one.result(id, 2)).stdout).toBe(`${hostId(2)}\n`);
    expect((await one.invocations(id)).map(({ InstanceId }) => InstanceId)).toEqual([
      hostId(1),
      hostId(2),
    ]);
    expect(await commandOf(one, id)).toMatchObject({ Status: 'Success', CompletedCount: 2 });
  });

  it('ends at once when a tag selects nobody', async () => {
    const one = await world();
    const targets = [{ Key: 'tag:App', Values: ['nobody'] }];
    const id = await one.run({ ...shell('true'), Targets: targets });
    expect(await commandOf(one, id)).toMatchObject({
      StatusDetails: 'NoInstancesInTag',
      TargetCount: 0,
    });
  });

  it.each([
    ['unknown', async () => undefined],
    ['offline', async ({ aws }: World) => aws.setOnline(hostId(2), false)],
    ['terminated', async ({ aws }: World) => aws.setState(hostId(2), 'terminated')],
  ])('fails whole when one id is %s, and runs nothing', async (kind, prepare) => {
    const one = await world({ hosts: hosts(2) });
    await prepare(one);
    const bad = kind === 'unknown' ? hostId(9) : hostId(2);
    const ids = [hostId(1), bad];
    await expect(send(one, { ...shell('true'), InstanceIds: ids })).rejects.toMatchObject({
      name: 'InvalidInstanceId',
      message: `Instances [[${bad}]] not in a valid state for account 123456789012`,
    });
    expect(one.aws.commandIds()).toEqual([]);
  });

  it.each<[string, SendCommandCommandInput, RegExp]>([
    ['a delivery timeout below 30', { ...shell('true'), TimeoutSeconds: 29 }, /timeoutSeconds/u],
    ['a comment above 100', { ...shell('true'), Comment: 'x'.repeat(101) }, /comment/u],
    ['a bad id', { ...shell('true'), InstanceIds: ['web-1'] }, /instanceIds\.1\.member/u],
    [
      'more than 50 ids',
      { ...shell('true'), InstanceIds: Array.from({ length: 51 }, (_, n) => hostId(n)) },
      /length less than or equal to 50/u,
    ],
    ['MaxErrors 101%', { ...shell('true'), MaxErrors: '101%' }, /maxErrors/u],
    ['neither ids nor targets', shell('true'), /InstanceIds and Targets/u],
  ])('refuses %s by the service model', async (_, input, message) => {
    const one = await world();
    const ids = input.InstanceIds ?? (message.source.includes('Targets') ? [] : [hostId(1)]);
    await expect(send(one, { ...input, InstanceIds: ids })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });

  it('refuses an id given twice', async () => {
    const one = await world();
    const ids = [hostId(1), hostId(1)];
    await expect(send(one, { ...shell('true'), InstanceIds: ids })).rejects.toMatchObject({
      name: 'DuplicateInstanceId',
    });
  });
});

describe('the document of a command', () => {
  const parameters = {
    Name: { type: 'String', allowedPattern: '[a-z]+' },
    Kind: { type: 'String', default: 'small', allowedValues: ['small', 'large'] },
  };
  const steps = [step('greet', ['echo {{ Name }} {{ Kind }}'])];
  const content = JSON.stringify({ schemaVersion: '2.2', parameters, mainSteps: steps });
  const base = { DocumentName: 'Greet', InstanceIds: [hostId(1)], Parameters: { Name: ['bob'] } };

  it('runs under its pinned version and hash, and gets its defaults', async () => {
    const one = await world();
    await one.document('Greet', parameters, steps);
    const hash = createHash('sha256').update(content).digest('hex');
    const id = await one.run({
      ...base,
      DocumentVersion: '1',
      DocumentHash: hash,
      DocumentHashType: 'Sha256',
    });
    expect((await one.result(id)).stdout).toBe('bob small\n');
  });

  it.each<[string, Partial<SendCommandCommandInput>, string]>([
    [
      'another hash',
      { DocumentHash: 'a'.repeat(64), DocumentHashType: 'Sha256' },
      'InvalidDocument',
    ],
    ['an unknown version', { DocumentVersion: '2' }, 'InvalidDocumentVersion'],
    ['an unknown document', { DocumentName: 'Nobody' }, 'InvalidDocument'],
    ['a missing parameter', { Parameters: {} }, 'InvalidParameters'],
    ['an unknown parameter', { Parameters: { Name: ['bob'], More: ['x'] } }, 'InvalidParameters'],
    [
      'a value that the pattern matches only in part',
      { Parameters: { Name: ['bob; id'] } },
      'InvalidParameters',
    ],
    [
      'a value that is not allowed',
      { Parameters: { Name: ['bob'], Kind: ['huge'] } },
      'InvalidParameters',
    ],
    ['two values for a String', { Parameters: { Name: ['bob', 'eve'] } }, 'InvalidParameters'],
  ])('is refused with %s', async (_, change, name) => {
    const one = await world();
    await one.document('Greet', parameters, steps);
    await expect(send(one, { ...base, ...change })).rejects.toMatchObject({ name });
    expect(one.aws.commandIds()).toEqual([]);
  });
});

describe('reading results', () => {
  it('does not see an invocation at first, for a counted number of reads', async () => {
    const one = await world({ invisibleReads: 2 });
    const id = await one.run({ ...shell('echo seen'), InstanceIds: [hostId(1)] });
    const get = new GetCommandInvocationCommand({ CommandId: id, InstanceId: hostId(1) });
    for (let read = 0; read < 2; read += 1) {
      expect(await one.invocations(id)).toEqual([]);
      await expect(one.ssm.send(get)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
    }
    expect(await one.invocations(id)).toHaveLength(1);
    expect((await one.ssm.send(get)).StandardOutputContent).toBe('seen\n');
    expect((await commandOf(one, id))?.Status).toBe('Success');
  });

  it('hides the same commands for the same seed', async () => {
    const first = await counts();
    expect(await counts()).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  });

  it('pages at 50 invocations', async () => {
    const one = await world({ hosts: hosts(51).map((each) => ({ ...each, online: false })) });
    const { CommandId } = await send(one, { ...shell('true'), ...onSample });
    const page = async (NextToken?: string) =>
      one.ssm.send(new ListCommandInvocationsCommand({ CommandId, NextToken }));
    await new Promise((resolve) => setImmediate(resolve));
    const first = await page();
    expect(first.CommandInvocations).toHaveLength(50);
    const second = await page(first.NextToken);
    expect(second.CommandInvocations).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
    await expect(page('nonsense')).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  it('finds a command again by its comment after the reply was lost', async () => {
    const one = await world();
    one.aws.faults.add({ kind: 'lost-reply', operation: 'SendCommand' });
    const input = { ...shell('true'), InstanceIds: [hostId(1)], Comment: 'run 7/apply' };
    await expect(send(one, input)).rejects.toThrow('socket hang up');
    const { Commands } = await one.ssm.send(new ListCommandsCommand({}));
    expect(Commands?.map(({ Comment }) => Comment)).toEqual(['run 7/apply']);
    await one.aws.settled(Commands?.[0]?.CommandId ?? '');
  });
});

describe('MaxConcurrency and MaxErrors', () => {
  it('stops sending after one error more than allowed; the rest is Terminated', async () => {
    const one = await world({ hosts: hosts(5) });
    const limits = { MaxConcurrency: '1', MaxErrors: '1' };
    const id = await one.run({ ...shell('exit 1'), ...onSample, ...limits });
    const expected = ['Failed', 'Failed', 'Terminated', 'Terminated', 'Terminated'];
    expect(await statesOf(one, id)).toEqual(expected);
    expect(await commandOf(one, id)).toMatchObject({ Status: 'Failed', ErrorCount: 2 });
  });

  it('lets running hosts finish, so that more than MaxErrors can fail', async () => {
    const one = await world({ hosts: hosts(4) });
    const wait =
      'touch ../$AWS_SSM_INSTANCE_ID.up; while [ "$(ls .. | grep -c up)" -lt 4 ]; do sleep 0.01; done';
    const id = await one.run({ ...shell(wait, 'exit 1'), ...onSample, MaxConcurrency: '100%' });
    expect(await statesOf(one, id)).toEqual(['Failed', 'Failed', 'Failed', 'Failed']);
  });
});

describe('hosts that do not answer', () => {
  it('are Delayed, then DeliveryTimedOut, and do not count as errors', async () => {
    const one = await world({ hosts: hosts(2), millisecondsPerSecond: 8 });
    await one.aws.setState(hostId(2), 'silent');
    const input = { ...shell('true'), TimeoutSeconds: 30, InstanceIds: [hostId(1), hostId(2)] };
    const parameters = { ...input.Parameters, executionTimeout: ['170'] };
    const { CommandId = '' } = await send(one, { ...input, Parameters: parameters });
    await new Promise((resolve) => setImmediate(resolve));
    expect((await statesOf(one, CommandId))[1]).toBe('Delayed');
    await one.aws.settled(CommandId);
    expect(await statesOf(one, CommandId)).toEqual(['Success', 'DeliveryTimedOut']);
    expect(await commandOf(one, CommandId)).toMatchObject({
      ErrorCount: 0,
      DeliveryTimedOutCount: 1,
    });
    expect(await one.result(CommandId, 2)).toMatchObject({ status: 'TimedOut', code: -1 });
  });

  it('are Undeliverable when terminated but still tagged, and the command a Success', async () => {
    const one = await world({ hosts: hosts(2) });
    await one.aws.setState(hostId(2), 'terminated');
    const id = await one.run({ ...shell('true'), ...onSample });
    expect(await statesOf(one, id)).toEqual(['Success', 'Undeliverable']);
    expect(await commandOf(one, id)).toMatchObject({ Status: 'Success' });
  });

  it('run what waited when they come back', async () => {
    const one = await world({ hosts: [host(1, { online: false })] });
    const { CommandId = '' } = await send(one, { ...shell('echo back'), ...onSample });
    await one.aws.setOnline(hostId(1), true);
    await one.aws.settled(CommandId);
    expect((await one.result(CommandId)).stdout).toBe('back\n');
  });
});

describe('CancelCommand', () => {
  it('cancels at once what no agent has taken', async () => {
    const one = await world({ hosts: [host(1, { online: false })] });
    const { CommandId = '' } = await send(one, { ...shell('true'), ...onSample });
    await one.ssm.send(new CancelCommandCommand({ CommandId }));
    await one.aws.settled(CommandId);
    expect(await commandOf(one, CommandId)).toMatchObject({ Status: 'Cancelled' });
  });

  it('takes some ids only, and refuses unknown commands', async () => {
    const one = await world({ hosts: hosts(2).map((each) => ({ ...each, online: false })) });
    const { CommandId = '' } = await send(one, { ...shell('true'), ...onSample });
    await one.ssm.send(new CancelCommandCommand({ CommandId, InstanceIds: [hostId(2)] }));
    expect((await statesOf(one, CommandId))[1]).toBe('Cancelled');
    const unknown = new CancelCommandCommand({ CommandId: 'f'.repeat(36) });
    await expect(one.ssm.send(unknown)).rejects.toMatchObject({ name: 'InvalidCommandId' });
  });
});
