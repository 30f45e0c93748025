import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** A shell that the program is run under. */
export interface Shell {
  readonly name: string;
  readonly argv: readonly string[];
  /** PATH of the program: under busybox its own tools come first, so that they are what is tested. */
  readonly path: string;
}

/** The shells of this machine; the program must work unchanged under each. */
export function findShells(): Shell[] {
  const path = process.env.PATH ?? '/usr/bin:/bin';
  const plain = ['dash', 'bash'].flatMap((name) => shellAt(name, path));
  const found = plain.length === 0 ? shellAt('sh', path) : plain;
  const busybox = find('busybox', path);
  if (busybox !== undefined) {
    found.push({ name: 'busybox', argv: [busybox, 'ash'], path: `${applets(busybox)}:${path}` });
  }
  return found;
}

function shellAt(name: string, path: string): Shell[] {
  const file = find(name, path);
  return file === undefined ? [] : [{ name, argv: [file], path }];
}

function find(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const directories: string[] = [];

// Links like those of a small distribution.
function applets(busybox: string): string {
  const list = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n');
  return linkAll(list.filter((name) => /^[a-z0-9]+$/.test(name)).map((name) => [name, busybox]));
}

/** A PATH with links to all that the program may need, but without `aws`. */
export function pathWithoutAws(path: string): string {
  const tools =
    'cat comm curl cut date df env find flock grep gzip head ln ls mkdir mkfifo mktemp mv readlink rm sed setsid sh ' +
    'sha256sum sleep sort sync tail tar tr';
  return linkAll(tools.split(' ').map((name) => [name, find(name, path) ?? '/nonexistent']));
}

function linkAll(links: readonly (readonly [name: string, target: string])[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-tools-'));
  directories.push(directory);
  for (const [name, target] of links) symlinkSync(target, join(directory, name));
  return directory;
}

/** Takes away what the functions of this file made. */
export function removeTools(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
}
