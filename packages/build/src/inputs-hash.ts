import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readIfThere } from './generated-files.ts';

/** The file in `dist` that says from which inputs it was made. */
export const stampFile = '.inputs-sha256';

const manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()).optional() });

/** The folders of the workspace that a folder needs, itself included, sorted. */
function closure(root: string, folder: string): readonly string[] {
  const found = new Set<string>();
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const text = found.has(next) ? undefined : readIfThere(root, `${next}/package.json`);
    if (text === undefined) continue;
    found.add(next);
    const parsed: unknown = JSON.parse(text);
    const names = Object.keys(manifest.parse(parsed).dependencies ?? {});
    open.push(
      ...names.flatMap((name) =>
        name.startsWith('@gatewright/') ? [`packages/${name.slice('@gatewright/'.length)}`] : [],
      ),
    );
  }
  return [...found].toSorted();
}

/** The JavaScript files under a folder, sorted; none when the folder does not exist. */
function scripts(root: string, folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.c?js$/.test(name))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

/**
 * SHA-256 over everything that the bundle of an action is made from: its compiled code and that of the packages it
 * needs, the lockfile, the compiler's `paths` and the build tool itself. Independent of where the project stands.
 */
export function inputsHash(root: string, action: string): string {
  const folder = `actions/${action}`;
  const files = [
    ...closure(root, folder).flatMap((name) => [
      `${name}/package.json`,
      ...scripts(root, `${name}/lib`),
    ]),
    ...scripts(root, 'packages/build/lib'),
    ...scripts(root, 'packages/build/stand-ins'),
    'packages/build/package.json',
    'package-lock.json',
    'tsconfig.json',
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${readIfThere(root, file) ?? ''}\0`);
  return hash.digest('hex');
}

/** Whether `dist` was made from the inputs as they are now. What was done to it afterwards is not looked at. */
export function isFresh(root: string, action: string): boolean {
  const dist = `actions/${action}/dist`;
  return (
    existsSync(join(root, dist, 'index.js')) &&
    readIfThere(root, `${dist}/${stampFile}`)?.trim() === inputsHash(root, action)
  );
}
