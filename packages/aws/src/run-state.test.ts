import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startAws } from '@gatewright/emulators';
import type { AwsEmulator } from '@gatewright/emulators';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openEnvironment, readRunState, settleRun, wallClock, writeRunState } from './index.ts';
import type { AwsEnvironment, EnvironmentPlace, RunState } from './index.ts';
import { apply, bucket, emulate, never, pinned, region } from './test-support/emulated.ts';
import type { Emulated } from './test-support/emulated.ts';

const place: EnvironmentPlace = {
  region,
  bucket,
  document: pinned,
  app: 'orders',
  environment: 'production',
  owner: 'octo/sample run 4711 job deploy',
  attemptId: '4711.1',
  leaseSeconds: 600,
  limits: { deliveryTimeoutSeconds: 30, hostTimeoutSeconds: 20, keepReleases: 3 },
};

describe('the state of a run', () => {
  it('tells the post step nothing when the main step never came to the lock', () => {
    expect(readRunState(() => '')).toBeUndefined();
    expect(readRunState(() => '{"region":1}')).toBeUndefined();
  });

  it('survives a process that is killed at any moment', () => {
    const saved = new Map<string, string>();
    const write = writeRunState((key, value) => saved.set(key, value));
    const read = (): RunState | undefined => readRunState((key) => saved.get(key) ?? '');
    write.begin(place);
    expect(read()).toMatchObject({ place, generation: 0, commands: [], touched: [], ended: false });
    write.noteDelivery({ kind: 'lock-acquired', generation: 7 });
    const host = { id: 'i-1', name: 'web-1', ipAddress: '10.0.0.1' };
    const wave = { number: 1, hosts: [host] };
    write.noteDelivery({ kind: 'wave-started', wave, waves: 2 });
    const hostIds = ['i-1'];
    write.noteCommand({ kind: 'command-sent', commandId: 'c-1', operation: 'apply', hostIds });
    expect(read()).toMatchObject({
      generation: 7,
      commands: [{ id: 'c-1', hostIds }],
      touched: [host],
    });
    write.noteCommand({ kind: 'command-ended', commandId: 'c-1' });
    write.end();
    expect(read()).toMatchObject({ commands: [], ended: true });
  });
});

describe('settling', () => {
  let world: Emulated<AwsEmulator>;
  let cloud: AwsEnvironment;

  beforeEach(async () => {
    world = await emulate(startAws, 1);
    cloud = openEnvironment(place, { startMilliseconds: 20 });
  });

  afterEach(async () => {
    cloud.close();
    await world.stop();
  });

  it('waits for the command of a killed run, tells what its host serves, and gives the lock back', async () => {
    const directory = world.aws.hosts[0]?.directory ?? '';
    const [begun, gate] = [join(directory, 'begun'), join(directory, 'gate')];
    const start = [
      `echo x >'${begun}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`,
      'echo "$GATEWRIGHT_VERSION" >"$GATEWRIGHT_SHARED_DIR/up"',
    ];
    const release = await world.publish('1.0.0', { start: start.join('\n') });
    const saved = new Map<string, string>();
    const write = writeRunState((key, value) => saved.set(key, value));
    write.begin(place);
    const answer = await cloud.lock.acquire();
    write.noteDelivery({ kind: 'lock-acquired', generation: 1 });
    expect(answer).toEqual({ kind: 'acquired', generation: 1 });
    write.noteDelivery({
      kind: 'wave-started',
      wave: { number: 1, hosts: world.hosts },
      waves: 1,
    });
    // The main step dies while the host works: nothing of its own is ever heard again.
    const dying = world.fleet({ observe: write.noteCommand });
    void dying.run(apply(release), world.hosts, never());
    while (!existsSync(begun)) await wallClock().sleep(10, never());
    const left = readRunState((key) => saved.get(key) ?? '');
    expect(left?.commands).toHaveLength(1);

    const lines: string[] = [];
    const settled = settleRun(left ?? nothingLeft(), cloud, logTo(lines), never());
    await writeFile(gate, '');
    await settled;
    expect(lines[0]).toMatch(/^Command .* of the interrupted run: final\.$/);
    expect(lines[1]).toContain(
      `${world.hosts[0]?.id} was touched by the interrupted run and serves 1.0.0`,
    );
    const [lock] = Object.entries(world.aws.parameters());
    expect(lock?.[1]).toContain('"state":"released"');
  });

  it('gives the lock back also when the hosts cannot be asked, and does it only once', async () => {
    await cloud.lock.acquire();
    await world.aws.setState(world.hosts[0]?.id ?? '', 'terminated');
    const left: RunState = {
      place,
      generation: 1,
      commands: [],
      touched: world.hosts,
      ended: false,
    };
    const lines: string[] = [];
    await settleRun(left, cloud, logTo(lines), never());
    await settleRun(left, cloud, logTo(lines), never());
    expect(lines[0]).toContain('is in an unknown state');
    const puts = world.aws.journal().filter((call) => call.operation === 'PutParameter');
    expect(puts).toHaveLength(2);
  });

  it('only gives the lock back after a main step that came to its end', async () => {
    await cloud.lock.acquire();
    const left: RunState = {
      place,
      generation: 1,
      commands: [],
      touched: world.hosts,
      ended: true,
    };
    await settleRun(left, cloud, logTo([]), never());
    expect(world.aws.commandIds()).toEqual([]);
    expect(Object.values(world.aws.parameters())[0]).toContain('released');
  });
});

function nothingLeft(): never {
  throw new Error('no state was left');
}

function logTo(lines: string[]): Parameters<typeof settleRun>[2] {
  return { info: (line) => void lines.push(line), warning: (line) => void lines.push(line) };
}
