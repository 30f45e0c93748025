import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelCommandCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AwsOptions } from './index.ts';
import { hostId, openWorld, step } from './test-support.ts';
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

/** Resolves as soon as a file exists: hosts tell tests how far they are by writing files. */
async function appears(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setImmediate(resolve));
}

const text = { type: 'String' };

describe('how the agent runs a script', () => {
  it('writes _script.sh with mode 0700 and runs it with sh, without input, in the host directory', async () => {
    const { shell, aws } = await world();
    const { commandId, stdout, status, code } = await shell([
      'echo "$0"',
      'pwd',
      'cat',
      'echo "$SSM_COMMAND_ID $AWS_SSM_INSTANCE_ID $AWS_SSM_REGION_NAME"',
      'echo "$GATEWRIGHT_ROOT $GATEWRIGHT_EMULATED_HOST"',
    ]);
    const [machine] = aws.hosts;
    const script = join(
      machine?.directory ?? '',
      'var/lib/amazon/ssm',
      hostId(1),
      'document/orchestration',
      commandId,
      'awsrunShellScript/0.awsrunShellScript/_script.sh',
    );
    expect(stdout.split('\n')).toEqual([
      script,
      machine?.directory,
      `${commandId} ${hostId(1)} eu-west-1`,
      `${machine?.root} ${hostId(1)}`,
      '',
    ]);
    expect((await stat(script)).mode & 0o777).toBe(0o700);
    expect({ status, code }).toEqual({ status: 'Success', code: 0 });
  });

  it('gives scripts nothing of the environment of the emulator but PATH', async () => {
    process.env['GATEWRIGHT_TEST_SECRET'] = 'seen';
    const { shell } = await world();
    const { stdout } = await shell(['echo "[$GATEWRIGHT_TEST_SECRET]"']);
    delete process.env['GATEWRIGHT_TEST_SECRET'];
    expect(stdout).toBe('[]\n');
  });

  it('goes on after a failed line; the last exit code wins', async () => {
    const { shell } = await world();
    expect(await shell(['false', 'echo on'])).toMatchObject({ status: 'Success', stdout: 'on\n' });
    expect(await shell(['echo out', 'echo err >&2', 'exit 3'])).toMatchObject({
      status: 'Failed',
      details: 'Failed',
      code: 3,
      stdout: 'out\n',
      stderr: 'err\nfailed to run commands: exit status 3',
    });
  });

  it('uses a shebang only when it is the very first line', async () => {
    const { shell } = await world();
    const first = await shell(['#!/usr/bin/env node', 'console.log("node", 1 + 1)']);
    expect(first.stdout).toBe('node 2\n');
    const second = await shell(['', '#!/usr/bin/env node', 'echo shell']);
    expect(second.stdout).toBe('shell\n');
  });

  it('blames sh for a missing absolute working directory, and ignores a missing relative one', async () => {
    const { shell, aws } = await world();
    const absolute = await shell(['pwd'], {
      Parameters: { workingDirectory: ['/no/such/directory'] },
    });
    expect(absolute).toMatchObject({ status: 'Failed', code: 1 });
    expect(absolute.stderr).toContain('/usr/bin/sh: no such file or directory');
    const relative = await shell(['pwd'], { Parameters: { workingDirectory: ['no/such'] } });
    expect(relative.stdout).toBe(`${aws.hosts[0]?.directory}\n`);
  });

  it('puts the prepended directories first on the PATH', async () => {
    const { shell } = await world({
      hosts: [{ id: hostId(1), name: 'web', tags: {}, pathPrepend: ['/opt/first'] }],
    });
    expect((await shell(['echo "$PATH"'])).stdout).toMatch(/^\/opt\/first:/u);
  });
});

describe('how document parameters reach a script', () => {
  it('puts them in as raw text, quotes and all', async () => {
    const { document, run, result } = await world();
    await document('Say', { Words: text }, [step('say', ['echo "{{ Words }}"'])]);
    const id = await run({
      DocumentName: 'Say',
      InstanceIds: [hostId(1)],
      Parameters: { Words: ['a"; echo "injected'] },
    });
    expect((await result(id)).stdout).toBe('a\ninjected\n');
  });

  it('makes one dollar of two inside a longer string, not in a list that is passed whole', async () => {
    const { document, run, result, shell } = await world();
    await document('Say', { Words: text }, [step('say', ["echo '{{ Words }}'"])]);
    const id = await run({
      DocumentName: 'Say',
      InstanceIds: [hostId(1)],
      Parameters: { Words: ['a$$b'] },
    });
    expect((await result(id)).stdout).toBe('a$b\n');
    expect((await shell(["echo 'a$$b'"])).stdout).toBe('a$$b\n');
  });

  it('fails the document when a reference to Parameter Store in command text leads nowhere', async () => {
    const { shell } = await world();
    expect(await shell(['echo {{ssm:missing}}'])).toMatchObject({ status: 'Failed', stdout: '' });
    expect(await shell(["echo '{{ other }}'"])).toMatchObject({ stdout: '{{ other }}\n' });
  });
});

describe('how a script is stopped', () => {
  it('kills the whole group on timeout, with no trap run, and reports ExecutionTimedOut', async () => {
    const { shell, aws } = await world({ millisecondsPerSecond: 150 });
    const shown = await shell(
      ["trap 'touch trapped' TERM EXIT", 'echo before', 'sleep 1000 & wait; sleep 1000'],
      { Parameters: { executionTimeout: ['5'] } },
    );
    expect(shown).toMatchObject({ status: 'TimedOut', details: 'ExecutionTimedOut', code: 137 });
    expect(shown.stdout).toBe('before\n');
    expect(existsSync(join(aws.hosts[0]?.directory ?? '', 'trapped'))).toBe(false);
  });

  it('takes an hour for a timeout below five seconds', async () => {
    const { shell } = await world({ millisecondsPerSecond: 1 });
    const parameters = { executionTimeout: ['4'] };
    // 4 "seconds" would be 4 ms here, an hour is 3.6 s.
    const shown = await shell(['sleep 0.2'], { Parameters: parameters });
    expect(shown.status).toBe('Success');
  });

  it('reports a script that ends with 137 by itself as timed out', async () => {
    const { shell } = await world();
    expect(await shell(['exit 137'])).toMatchObject({
      details: 'ExecutionTimedOut',
      code: 137,
      stderr: '',
    });
  });

  it('kills the group on cancel: Cancelled, 137', async () => {
    const { ssm, aws, result } = await world();
    const { Command } = await ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [hostId(1)],
        Parameters: { commands: ['touch started', 'sleep 1000'] },
      }),
    );
    const id = Command?.CommandId ?? '';
    await appears(join(aws.hosts[0]?.directory ?? '', 'started'));
    await ssm.send(new CancelCommandCommand({ CommandId: id }));
    await aws.settled(id);
    expect(await result(id)).toMatchObject({
      status: 'Cancelled',
      details: 'Cancelled',
      code: 137,
    });
  });

  it('does not reach a process that left the group', async () => {
    const { ssm, aws, shell } = await world();
    const directory = aws.hosts[0]?.directory ?? '';
    const { Command } = await ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [hostId(1)],
        Parameters: {
          commands: [
            "setsid sh -c 'touch away; while [ ! -e go ]; do sleep 0.01; done; touch survived' &",
            'sleep 1000',
          ],
        },
      }),
    );
    const id = Command?.CommandId ?? '';
    await appears(join(directory, 'away'));
    await ssm.send(new CancelCommandCommand({ CommandId: id }));
    await aws.settled(id);
    await shell(['touch go']);
    await appears(join(directory, 'survived'));
    expect(existsSync(join(directory, 'survived'))).toBe(true);
  });

  it('stays InProgress while a background child holds stdout', async () => {
    const { ssm, aws, result } = await world();
    const { Command } = await ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [hostId(1)],
        Parameters: {
          commands: [
            '(while [ ! -e go ]; do sleep 0.01; done; echo late) &',
            'echo early; touch ended',
          ],
        },
      }),
    );
    const id = Command?.CommandId ?? '';
    await appears(join(aws.hosts[0]?.directory ?? '', 'ended'));
    expect((await result(id)).status).toBe('InProgress');
    await ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [hostId(1)],
        Parameters: { commands: ['touch go'] },
      }),
    );
    await aws.settled(id);
    expect(await result(id)).toMatchObject({ status: 'Success', stdout: 'early\nlate\n' });
  });
});

describe('exit codes that mean something to the agent', () => {
  it('168 is Success and stops, 169 is Failed and stops', async () => {
    const { document, run, invocations, result } = await world();
    await document('Stops', { Code: text }, [
      step('first', ['echo one', 'exit {{ Code }}']),
      step('second', ['echo two']),
    ]);
    const send = { DocumentName: 'Stops', InstanceIds: [hostId(1)] };
    const good = await run({ ...send, Parameters: { Code: ['168'] } });
    expect((await invocations(good))[0]?.Status).toBe('Success');
    expect(await result(good, 1, 'second')).toMatchObject({ status: 'Success', stdout: '' });
    const bad = await run({ ...send, Parameters: { Code: ['169'] } });
    expect((await invocations(bad))[0]?.Status).toBe('Failed');
    expect(await result(bad, 1, 'second')).toMatchObject({ status: 'Success', stdout: '' });
  });

  it('194 reboots the host and runs the script again', async () => {
    const { shell } = await world();
    const shown = await shell([
      'if [ -e rebooted ]; then test -e "/proc/$(cat daemon)/exe" || echo "daemon gone"; exit 0; fi',
      'setsid sleep 1000 >/dev/null 2>&1 & echo "$!" > daemon',
      'touch rebooted; exit 194',
    ]);
    expect(shown).toMatchObject({ status: 'Success', stdout: 'daemon gone\n' });
  });
});

describe('documents with several steps', () => {
  const send = { DocumentName: 'Steps', InstanceIds: [hostId(1)] };

  it('go on after a failed step', async () => {
    const { document, run, result, invocations } = await world();
    await document('Steps', {}, [step('first', ['exit 1']), step('second', ['echo two'])]);
    const id = await run(send);
    expect((await result(id, 1, 'second')).stdout).toBe('two\n');
    expect((await invocations(id))[0]?.Status).toBe('Failed');
  });

  it('stop with onFailure: exit, but for the final step', async () => {
    const { document, run, result } = await world();
    await document('Steps', {}, [
      step('first', ['exit 1'], { onFailure: 'exit' }),
      step('second', ['echo two']),
      step('final', ['echo last'], { finallyStep: true }),
    ]);
    const id = await run(send);
    expect((await result(id, 1, 'second')).stdout).toBe('');
    expect((await result(id, 1, 'final')).stdout).toBe('last\n');
  });

  it('hide a failure with onFailure: successAndExit', async () => {
    const { document, run, invocations } = await world();
    await document('Steps', {}, [step('first', ['exit 1'], { onFailure: 'successAndExit' })]);
    expect((await invocations(await run(send)))[0]?.Status).toBe('Success');
  });

  it('end with Success when every step is skipped by its precondition', async () => {
    const { document, run, result } = await world();
    const windows = { StringEquals: ['platformType', 'Windows'] };
    await document('Steps', {}, [{ ...step('first', ['exit 1']), precondition: windows }]);
    expect(await result(await run(send))).toMatchObject({ status: 'Success', code: 0, stdout: '' });
  });

  it('need the step name to show one step', async () => {
    const { document, run, result } = await world();
    await document('Steps', {}, [step('first', ['true']), step('second', ['true'])]);
    const id = await run(send);
    await expect(result(id)).rejects.toMatchObject({ name: 'InvalidPluginName' });
  });
});

describe('what is kept of the output', () => {
  it('is its head: 24000 and 8000 bytes, 2500 in a list', async () => {
    const { shell, invocations } = await world();
    const shown = await shell([
      'awk \'BEGIN { for (i = 0; i < 30000; i++) printf "o"; print "tail" }\'',
      'awk \'BEGIN { for (i = 0; i < 30000; i++) printf "e" }\' >&2',
      'exit 1',
    ]);
    expect(shown.stdout).toBe('o'.repeat(24_000));
    expect(shown.stderr).toBe('e'.repeat(8000));
    const [invocation] = await invocations(shown.commandId);
    const output = invocation?.CommandPlugins?.[0]?.Output ?? '';
    expect(output).toHaveLength(2500);
    expect(output).toMatch(/^o+\n---Output truncated---\n-+ERROR-+\ne+\n---Error truncated----$/u);
  });

  it('is both streams of a short one, under a title', async () => {
    const { shell, invocations } = await world();
    const { commandId } = await shell(['echo out', 'echo err >&2']);
    const [invocation] = await invocations(commandId);
    expect(invocation?.CommandPlugins?.[0]?.Output).toBe('out\n\n----------ERROR-------\nerr\n');
  });
});

describe('how many commands run at once', () => {
  it('is five on one host; five more are taken, the rest waits with the service', async () => {
    const { ssm, aws, invocations } = await world();
    const directory = aws.hosts[0]?.directory ?? '';
    const ids: string[] = [];
    for (let number = 0; number < 12; number += 1) {
      const { Command } = await ssm.send(
        new SendCommandCommand({
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: [hostId(1)],
          Parameters: {
            commands: [`touch started.${number}`, 'while [ ! -e go ]; do sleep 0.01; done'],
          },
        }),
      );
      ids.push(Command?.CommandId ?? '');
    }
    for (let number = 0; number < 5; number += 1) {
      await appears(join(directory, `started.${number}`));
    }
    const states = await Promise.all(
      ids.map(async (id) => (await invocations(id))[0]?.StatusDetails),
    );
    expect(states).toEqual([...Array(10).fill('InProgress'), 'Pending', 'Pending']);
    expect(existsSync(join(directory, 'started.5'))).toBe(false);
    await writeFile(join(directory, 'go'), '');
    await Promise.all(ids.map((id) => aws.settled(id)));
  });
});
