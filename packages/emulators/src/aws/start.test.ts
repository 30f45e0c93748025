import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { processesOf } from './host/processes.ts';
import { startAws } from './index.ts';
import { host, hostId, openWorld } from './test-support.ts';
import type { World } from './test-support.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe('startAws', () => {
  it('gives each host a directory of its own, with its host.conf', async () => {
    world = await openWorld({ hosts: [host(1, { conf: 'port.sample=40123\n' }), host(2)] });
    const [first, second] = world.aws.hosts;
    expect(first?.directory).not.toBe(second?.directory);
    expect(first?.root).toBe(join(first?.directory ?? '', 'opt/gatewright'));
    const conf = await readFile(join(first?.root ?? '', 'host.conf'), 'utf8');
    expect(conf).toBe('port.sample=40123\n');
  });

  it('refuses ids that no instance can have', async () => {
    const options = { region: 'eu-west-1', accountId: '123456789012', directory: '/nowhere' };
    await expect(startAws({ ...options, hosts: [{ ...host(1), id: 'web-1' }] })).rejects.toThrow(
      'web-1',
    );
    await expect(startAws({ ...options, hosts: [host(1), host(1)] })).rejects.toThrow('same id');
  });

  it('ends every process of its hosts: running scripts and daemons that left, marked or not', async () => {
    const opened = await openWorld();
    const directory = opened.aws.hosts[0]?.directory ?? '';
    const { stdout } = await opened.shell([
      '(setsid sleep 1000 >/dev/null 2>&1 & echo $!)',
      '(env -i setsid sleep 1000 >/dev/null 2>&1 & echo $!)',
    ]);
    const mark = { entry: 'none', directory };
    const daemons = stdout.trim().split('\n').map(Number);
    expect(await processesOf(mark)).toEqual(expect.arrayContaining(daemons));
    await opened.close();
    expect(await processesOf(mark)).toEqual([]);
  });

  it('journals calls in short, and forgets on reset', async () => {
    world = await openWorld();
    await world.shell(['true', '#'.repeat(1000)]);
    const [first] = world.aws.journal();
    expect(first).toMatchObject({
      service: 'ssm',
      operation: 'SendCommand',
      caller: 'arn:aws:iam::123456789012:user/test',
      parameters: { InstanceIds: [hostId(1)], DocumentName: 'AWS-RunShellScript' },
    });
    expect(JSON.stringify(first).length).toBeLessThan(1000);
    world.aws.reset();
    expect(world.aws.journal()).toEqual([]);
    await expect(world.aws.settled('none')).rejects.toThrow('none');
  });
});
