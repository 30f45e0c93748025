import { readdir, readFile, readlink } from 'node:fs/promises';

/** A living process that has to do with a directory. */
export interface ProcessFacts {
  readonly pid: number;
  /** Its command line, separated by blanks. */
  readonly command: string;
}

/**
 * The living processes that name a directory in their command line or environment, or stand in it. Written anew here and
 * not taken from the emulators, so that their own cleaning up is judged by somebody else.
 */
export async function processesIn(directory: string): Promise<ProcessFacts[]> {
  const names = await readdir('/proc');
  const found = await Promise.all(
    names.filter((name) => /^\d+$/u.test(name)).map((name) => look(Number(name), directory)),
  );
  return found.flat();
}

async function look(pid: number, directory: string): Promise<ProcessFacts[]> {
  if (pid === process.pid) return [];
  const [commandLine, environment, place, stat] = await Promise.all([
    quietly(readFile(`/proc/${pid}/cmdline`, 'utf8')),
    quietly(readFile(`/proc/${pid}/environ`, 'utf8')),
    quietly(readlink(`/proc/${pid}/cwd`)),
    quietly(readFile(`/proc/${pid}/stat`, 'utf8')),
  ]);
  // A zombie has ended; only its parent has not asked for it yet.
  if (/\) [ZX] /u.test(stat)) return [];
  const concerned =
    commandLine.includes(directory) ||
    environment.includes(directory) ||
    `${place}/`.startsWith(`${directory}/`);
  return concerned ? [{ pid, command: commandLine.replaceAll('\0', ' ').trim() }] : [];
}

/** A process may end, or belong to somebody else, at any moment of the look. */
async function quietly(read: Promise<string>): Promise<string> {
  return read.catch(() => '');
}
