import { readdirSync, readFileSync } from 'node:fs';

/** The variable by which the runner recognises what a job has started; children inherit it. */
export const trackingVariable = 'RUNNER_TRACKING_ID';

/** Sends a signal; a process that is gone is no error. A negative id means the process group. */
export function signalProcess(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Kills a process group and, where the system shows them, all descendants that left the group. */
export function killTree(leader: number): void {
  const descendants = descendantsOf(leader);
  signalProcess(-leader, 'SIGKILL');
  for (const id of descendants) signalProcess(id, 'SIGKILL');
}

/**
 * Kills what a job has left running: its process groups, and on Linux everything that carries its tracking id, however
 * it detached itself.
 */
export function killLeftovers(trackingId: string, groups: readonly number[]): void {
  if (!hasProcessFiles()) {
    for (const group of groups) signalProcess(-group, 'SIGKILL');
    return;
  }
  // A process may fork while it is being looked for; what is born late is found by the next pass.
  for (let pass = 0; pass < 5; pass += 1) {
    const found = trackedProcesses(trackingId);
    if (found.length === 0) return;
    for (const id of found) signalProcess(id, 'SIGKILL');
  }
}

function trackedProcesses(trackingId: string): readonly number[] {
  const wanted = `\0${trackingVariable}=${trackingId}\0`;
  return processIds().filter((id) => {
    if (id === process.pid) return false;
    const environment = readProcessFile(id, 'environ');
    return environment !== undefined && `\0${environment}`.includes(wanted) && !isZombie(id);
  });
}

function descendantsOf(ancestor: number): readonly number[] {
  if (!hasProcessFiles()) return [];
  const parents = new Map(processIds().map((id) => [id, parentOf(id)]));
  const found = new Set([ancestor]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [id, parent] of parents) {
      if (parent !== undefined && found.has(parent) && !found.has(id)) {
        found.add(id);
        grown = true;
      }
    }
  }
  found.delete(ancestor);
  return [...found];
}

function parentOf(id: number): number | undefined {
  const parent = statusFields(id)[1];
  return parent === undefined ? undefined : Number(parent);
}

function isZombie(id: number): boolean {
  return statusFields(id)[0] === 'Z';
}

/** The fields of /proc/<id>/stat after the command's name, which may itself hold spaces and brackets. */
function statusFields(id: number): readonly string[] {
  const status = readProcessFile(id, 'stat') ?? '';
  return status.slice(status.lastIndexOf(')') + 2).split(' ');
}

function processIds(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readProcessFile(id: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

function hasProcessFiles(): boolean {
  return process.platform === 'linux';
}

function isGone(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH';
}
