import { readdir, readFile, readlink } from 'node:fs/promises';

/** What tells the processes of a host from all others. */
export interface ProcessMark {
  /** An environment entry that every script of the host has, for example `GATEWRIGHT_EMULATOR=<uuid>.<host>`. */
  readonly entry: string;
  /** The host's own directory: a program with a cleaned environment still names it there, or stands in it. */
  readonly directory: string;
}

interface ProcessFacts {
  readonly parent: number;
  readonly hasTerminal: boolean;
  readonly zombie: boolean;
}

async function quietly<T>(promise: Promise<T>): Promise<T | undefined> {
  // A process may end, or belong to somebody else, at any moment of the scan.
  return promise.catch(() => undefined);
}

async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  const stat = await quietly(readFile(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything, so fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    parent: Number(fields[1]),
    hasTerminal: fields[4] !== '0',
    zombie: fields[0] === 'Z',
  };
}

async function ancestors(): Promise<Set<number>> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 0 && !found.has(pid);) {
    found.add(pid);
    pid = (await factsOf(pid))?.parent ?? 0;
  }
  return found;
}

async function belongs(pid: number, facts: ProcessFacts, mark: ProcessMark): Promise<boolean> {
  const environment = (await quietly(readFile(`/proc/${pid}/environ`, 'utf8'))) ?? '';
  const entries = environment.split('\0');
  if (entries.includes(mark.entry)) return true;
  const inside = `${mark.directory}/`;
  const named = entries.some((entry) => entry.includes(inside) && !/^(?:OLD)?PWD=/u.test(entry));
  if (named) return true;
  // Somebody's own shell that merely looks around in the directory has a terminal.
  if (facts.hasTerminal) return false;
  const cwd = await quietly(readlink(`/proc/${pid}/cwd`));
  return cwd !== undefined && `${cwd}/`.startsWith(inside);
}

/** The living processes that a host has started, wherever they have gone since. Only Linux tells (`/proc`). */
export async function processesOf(mark: ProcessMark): Promise<number[]> {
  const own = await ancestors();
  const names = (await quietly(readdir('/proc'))) ?? [];
  const pids = names.filter((name) => /^\d+$/u.test(name)).map(Number);
  const checked = await Promise.all(
    pids.map(async (pid) => {
      if (own.has(pid)) return [];
      const facts = await factsOf(pid);
      if (facts === undefined || facts.zombie) return [];
      return (await belongs(pid, facts, mark)) ? [pid] : [];
    }),
  );
  return checked.flat();
}

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/**
 * Kills every process of a host until a scan finds none.
 *
 * @throws Error when some still live after ten seconds.
 */
export async function killProcessesOf(mark: ProcessMark): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const pids = await processesOf(mark);
    if (pids.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`Processes of an emulated host cannot be ended: ${pids.join(', ')}.`);
    }
    for (const pid of pids) killQuietly(pid);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
