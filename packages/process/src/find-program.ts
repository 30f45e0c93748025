import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where a program is, or why it cannot be run: `ENOENT`, `EACCES`. */
export type Lookup =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly why: 'ENOENT' | 'EACCES' };

/** Without a PATH a system looks here. */
const usualPlaces = '/usr/bin:/bin';

/**
 * Looks a program up as execvp(3) does: a name with a slash is a path, any other is sought on the PATH.
 *
 * A shell has its own words (`eval`, `exit`) that come before every program; what is called by its whole path is none.
 */
export async function findProgram(
  name: string,
  { path, cwd }: { readonly path: string | undefined; readonly cwd: string },
): Promise<Lookup> {
  const places = name.includes('/') ? [''] : (path ?? usualPlaces).split(':');
  let why: 'ENOENT' | 'EACCES' = 'ENOENT';
  for (const place of name === '' ? [] : places) {
    const candidate = resolve(cwd, join(place, name));
    const kind = await kindOf(candidate);
    if (kind === 'program') return { kind: 'found', path: candidate };
    if (kind === 'no program') why = 'EACCES';
  }
  return { kind: 'missing', why };
}

async function kindOf(path: string): Promise<'program' | 'no program' | 'nothing'> {
  try {
    if (!(await stat(path)).isFile()) return 'no program';
  } catch {
    return 'nothing';
  }
  try {
    await access(path, constants.X_OK);
    return 'program';
  } catch {
    return 'no program';
  }
}
