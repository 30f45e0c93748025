import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLineSplitter } from './lines.ts';
import { killLeftovers, trackingVariable } from './process-tree.ts';
import { runProcess } from './run-process.ts';
import type { ProcessRequest } from './run-process.ts';

let directory: string;
let lines: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-process-'));
  lines = [];
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs node with a script; `onReady` is called when the script prints `ready`. */
function start(
  script: string,
  more: Partial<ProcessRequest> = {},
  onReady = (): void => undefined,
) {
  return runProcess({
    command: process.execPath,
    args: ['-e', script],
    cwd: directory,
    env: { PATH: process.env.PATH ?? '' },
    onLine(line) {
      lines.push(line);
      if (line === 'ready') onReady();
    },
    cancel: new AbortController().signal,
    kill: new AbortController().signal,
    grace: { interrupt: 5000, terminate: 5000, stream: 5000, hardStop: 5000 },
    ...more,
  });
}

/** A dead process stays in the table until its parent has looked at it, so the signal 0 would not tell. */
function isAlive(id: number): boolean {
  try {
    const status = readFileSync(`/proc/${id}/stat`, 'utf8');
    return !status.slice(status.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}

async function untilGone(id: number): Promise<void> {
  while (isAlive(id)) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('runProcess', () => {
  it('hands on the lines of both streams and the exit code', async () => {
    const end = await start('console.log("a\\r\\nb"); console.error("c"); process.exitCode = 3');
    expect(end).toEqual({ exitCode: 3, signal: null });
    expect(lines.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('says when the program does not exist', async () => {
    await expect(start('', { command: join(directory, 'nothing') })).rejects.toThrow('ENOENT');
  });

  it('interrupts first, and takes the exit code of who obeys', async () => {
    const cancel = new AbortController();
    const script = `process.on('SIGINT', () => { console.log('int'); process.exit(7); });
      process.on('SIGTERM', () => console.log('term'));
      setInterval(() => {}, 1000); console.log('ready')`;
    const end = await start(script, { cancel: cancel.signal }, () => cancel.abort());
    expect([end.exitCode, lines]).toEqual([7, ['ready', 'int']]);
  });

  it('terminates who does not hear the interrupt', async () => {
    const cancel = new AbortController();
    const script = `process.on('SIGINT', () => console.log('int'));
      process.on('SIGTERM', () => { console.log('term'); process.exit(8); });
      setInterval(() => {}, 1000); console.log('ready')`;
    const grace = { interrupt: 20, terminate: 5000, stream: 5000, hardStop: 5000 };
    const end = await start(script, { cancel: cancel.signal, grace }, () => cancel.abort());
    expect([end.exitCode, lines]).toEqual([8, ['ready', 'int', 'term']]);
  });

  it('kills who hears neither, with all children, also those that left the group', async () => {
    const cancel = new AbortController();
    const script = `for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      setInterval(() => {}, 1000); console.log('pid', child.pid); console.log('ready')`;
    const grace = { interrupt: 20, terminate: 20, stream: 5000, hardStop: 5000 };
    const end = await start(script, { cancel: cancel.signal, grace }, () => cancel.abort());
    expect(end).toEqual({ exitCode: null, signal: 'SIGKILL' });
    await untilGone(Number(lines[0]?.split(' ')[1]));
  });

  it('kills at once when the hard stop comes', async () => {
    const kill = new AbortController();
    const script =
      "process.on('SIGINT', () => {}); setInterval(() => {}, 1000); console.log('ready')";
    const end = await start(script, { kill: kill.signal }, () => kill.abort());
    expect(end.signal).toBe('SIGKILL');
  });

  it('does not wait for ever for a background process that keeps the output open', async () => {
    const script = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      child.unref(); console.log(child.pid); process.exit(0)`;
    const grace = { interrupt: 1, terminate: 1, stream: 50, hardStop: 5000 };
    const env = { [trackingVariable]: `test-${directory}` };
    const groups: number[] = [];
    const onStart = (group: number): number => groups.push(group);
    const end = await start(script, { grace, env, onStart });
    expect(end.exitCode).toBe(0);
    const background = Number(lines[0]);
    expect(isAlive(background)).toBe(true);
    killLeftovers(`test-${directory}`, groups);
    await untilGone(background);
  });
});

describe('killLeftovers', () => {
  it('finds what a job detached, and leaves the processes of other jobs alone', async () => {
    const pids: number[] = [];
    for (const id of ['mine', 'other']) {
      const script = `const { spawn } = require('node:child_process');
        const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
        child.unref(); console.log(child.pid)`;
      await start(script, { env: { [trackingVariable]: `${id}-${directory}` } });
      pids.push(Number(lines.at(-1)));
    }
    const [mine = 0, other = 0] = pids;
    killLeftovers(`mine-${directory}`, []);
    await untilGone(mine);
    expect(isAlive(other)).toBe(true);
    killLeftovers(`other-${directory}`, []);
    await untilGone(other);
  });
});

describe('createLineSplitter', () => {
  it('puts together what chunks have torn apart', () => {
    const seen: string[] = [];
    const splitter = createLineSplitter((line) => seen.push(line));
    const bytes = Buffer.from('grün\nzwei\r\n\nrest');
    for (const byte of bytes) splitter.push(Buffer.from([byte]));
    splitter.flush();
    expect(seen).toEqual(['grün', 'zwei', '', 'rest']);
  });

  it('does not collect an endless line', () => {
    let longest = 0;
    const splitter = createLineSplitter((line) => (longest = Math.max(longest, line.length)));
    for (let i = 0; i < 40; i += 1) splitter.push(Buffer.alloc(64 * 1024, 'x'));
    splitter.flush();
    expect(longest).toBeLessThan(2 * 1024 * 1024);
  });
});

it('reads nothing from the terminal', async () => {
  const script = "process.stdin.on('data', () => {}).on('end', () => console.log('end'))";
  await start(script);
  expect(lines).toEqual(['end']);
});
