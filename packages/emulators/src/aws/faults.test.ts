import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetParameterCommand, PutParameterCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { host, hostId, openWorld, step } from './test-support.ts';
import type { World } from './test-support.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld({ millisecondsPerSecond: 20, hosts: [host(1), host(2)] });
});
afterEach(() => world.close());

const put = () =>
  world.ssm.send(new PutParameterCommand({ Name: '/a', Value: 'x', Type: 'String' }));

/** Sends lines to host 1; answers the command id without waiting. */
async function send(commands: string[], executionTimeout = '3600'): Promise<string> {
  const { Command } = await world.ssm.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [hostId(1)],
      TimeoutSeconds: 30,
      Parameters: { commands, executionTimeout: [executionTimeout] },
    }),
  );
  return Command?.CommandId ?? '';
}

describe('faults of calls', () => {
  it('answer an error so many times, and do nothing', async () => {
    world.aws.faults.add({ operation: 'PutParameter', error: 'ThrottlingException', times: 2 });
    await expect(put()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(world.aws.parameters()).toEqual({});
    expect(world.aws.faults.pending()).toHaveLength(1);
    await expect(put()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await put();
    expect(world.aws.faults.pending()).toEqual([]);
  });

  it('break the connection before or after the call', async () => {
    world.aws.faults.add({ kind: 'lost-request', operation: 'PutParameter' });
    await expect(put()).rejects.toThrow('socket hang up');
    expect(world.aws.parameters()).toEqual({});
    world.aws.faults.add({ kind: 'lost-reply', operation: 'PutParameter' });
    await expect(put()).rejects.toThrow('socket hang up');
    expect(world.aws.parameters()).toEqual({ '/a': 'x' });
    const codes = world.aws.journal().map(({ errorCode }) => errorCode);
    expect(codes).toEqual(['connection-lost', 'connection-lost']);
  });

  it('strike only their operation', async () => {
    world.aws.faults.add({ operation: 'GetParameter', error: 'InternalServerError' });
    await put();
    await expect(world.ssm.send(new GetParameterCommand({ Name: '/a' }))).rejects.toMatchObject({
      name: 'InternalServerError',
      $metadata: { httpStatusCode: 500 },
    });
  });
});

describe('faults of hosts', () => {
  it('host-death: nothing is reported any more, and the invocation ends as DeliveryTimedOut', async () => {
    world.aws.faults.add({ kind: 'host-death', host: hostId(1), file: 'half-way' });
    const id = await send(['touch half-way', 'sleep 1000', 'touch done'], '60');
    await world.aws.settled(id);
    expect(await world.result(id)).toMatchObject({ details: 'DeliveryTimedOut', code: -1 });
    expect(await world.invocations(id)).toMatchObject([{ StatusDetails: 'DeliveryTimedOut' }]);
    await world.aws.setOnline(hostId(1), true);
    expect((await world.shell(['ls -d half-way done 2>/dev/null'])).stdout).toBe('half-way\n');
  });

  it('late-result: a script that has ended shows as InProgress for so many reads', async () => {
    world.aws.faults.add({ kind: 'late-result', host: hostId(1), reads: 2 });
    const id = await send(['echo done > ended']);
    const states: string[] = [];
    let state = '';
    while (state !== 'Success') {
      ({ status: state } = await world.result(id));
      states.push(state);
    }
    expect(states.slice(-3)).toEqual(['InProgress', 'InProgress', 'Success']);
  });

  it('false-failure: Failed with code 1 and no output, though the script did its work', async () => {
    world.aws.faults.add({ kind: 'false-failure' });
    const shown = await world.shell(['echo done', 'touch effect']);
    expect(shown).toMatchObject({ status: 'Failed', code: 1, stdout: '' });
    expect((await world.shell(['ls effect'])).stdout).toBe('effect\n');
  });

  it('can be limited to a document and its parameters', async () => {
    const parameters = { Operation: { type: 'String' } };
    await world.document('Host', parameters, [step('only', ['echo {{ Operation }}'])]);
    world.aws.faults.add({
      kind: 'false-failure',
      where: { document: 'Host', parameters: { Operation: 'apply' } },
    });
    const status = async (operation: string) => {
      const id = await world.run({
        DocumentName: 'Host',
        InstanceIds: [hostId(1)],
        Parameters: { Operation: [operation] },
      });
      return (await world.result(id)).status;
    };
    expect(await status('status')).toBe('Success');
    expect(await status('apply')).toBe('Failed');
    expect(await status('apply')).toBe('Success');
  });

  it('an agent that goes down reports its script when it is back', async () => {
    const id = await send(['touch up', 'while [ ! -e go ]; do sleep 0.01; done', 'echo late']);
    while ((await world.result(id)).status === 'Pending') await Promise.resolve();
    await world.aws.setOnline(hostId(1), false);
    const directory = world.aws.hosts[0]?.directory ?? '';
    await writeFile(join(directory, 'go'), '');
    await world.aws.setOnline(hostId(1), true);
    await world.aws.settled(id);
    expect(await world.result(id)).toMatchObject({ status: 'Success', stdout: 'late\n' });
  });
});
