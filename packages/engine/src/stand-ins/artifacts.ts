import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { inputLines } from './input-lines.ts';
import type { StandIn, StandInContext } from './stand-in.ts';

/** Stands in for actions/upload-artifact. */
export const uploadArtifact: StandIn = {
  inputs: [
    'compression-level',
    'if-no-files-found',
    'include-hidden-files',
    'name',
    'overwrite',
    'path',
    'retention-days',
  ],
  async run(context) {
    const { inputs } = context;
    const name = inputs.name || 'artifact';
    const paths = inputLines(inputs.path);
    if (paths.length === 0) throw new Error('Input required and not supplied: path');
    const withHidden = inputs['include-hidden-files'] === 'true';
    const found = await Promise.all(paths.map((path) => filesAt(resolve(context.workspace, path))));
    const files = found.flatMap((one) =>
      withHidden ? one.files : one.files.filter((file) => !isHidden(one, file)),
    );
    if (files.length === 0) {
      reportNothing(context, paths);
      return;
    }
    const root = rootOf(found.map((one) => one.root));
    const { directory } = await context.artifacts.create(name, inputs.overwrite === 'true');
    for (const file of files) {
      const target = join(directory, relative(root, file));
      await mkdir(dirname(target), { recursive: true });
      await cp(file, target);
    }
    const artifact = await context.artifacts.finish(name);
    context.setOutput('artifact-id', String(context.artifacts.list().length));
    context.log(`Artifact ${name} has ${artifact.files.length} file(s)`);
  },
};

/** Stands in for actions/download-artifact. */
export const downloadArtifact: StandIn = {
  inputs: ['name', 'path', 'pattern', 'merge-multiple'],
  async run(context) {
    const { inputs, artifacts, workspace } = context;
    const target = resolve(workspace, inputs.path ?? '');
    await mkdir(target, { recursive: true });
    if (inputs.name) {
      const artifact = artifacts.list().find((one) => one.name === inputs.name);
      if (artifact === undefined) {
        throw new Error(
          `Unable to download artifact(s): Artifact not found for name: ${inputs.name}`,
        );
      }
      await cp(artifact.directory, target, { recursive: true });
    } else {
      // Without a name every artifact comes that the pattern names; unless merged, each in a folder of its own.
      const expression = inputs.pattern ? patternExpression(inputs.pattern) : /./;
      const merged = inputs['merge-multiple'] === 'true';
      for (const artifact of artifacts.list().filter(({ name }) => expression.test(name))) {
        const place = merged ? target : join(target, artifact.name);
        await cp(artifact.directory, place, { recursive: true });
      }
    }
    context.setOutput('download-path', target);
  },
};

interface Found {
  /** Where the search began: the named file or folder, or the folder before the first wildcard. */
  readonly start: string;
  /** The folder that the artifact's paths count from. */
  readonly root: string;
  readonly files: readonly string[];
}

/** As in the action, a leading dot hides a file, and a folder with everything in it, from where the search began. */
function isHidden({ start }: Found, file: string): boolean {
  return relative(dirname(start), file)
    .split('/')
    .some((part) => part.startsWith('.'));
}

async function filesAt(path: string): Promise<Found> {
  if (path.includes('!')) throw new Error(`exclusion '${path}' is not supported`);
  if (/[*?[\]]/.test(path)) return matching(path);
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return { start: path, root: path, files: [] };
  if (!info.isDirectory()) return { start: path, root: dirname(path), files: [path] };
  return { start: path, root: path, files: await walk(path) };
}

/** Files that a pattern with `*`, `**` or `?` names; they count from the last folder before the first wildcard. */
async function matching(pattern: string): Promise<Found> {
  if (/[[\]]/.test(pattern)) throw new Error(`pattern '${pattern}' is not supported`);
  const parts = pattern.split('/');
  const root =
    parts
      .slice(
        0,
        parts.findIndex((part) => /[*?]/.test(part)),
      )
      .join('/') || '/';
  const expression = patternExpression(pattern);
  const files = await walk(root).catch(() => []);
  return { start: root, root, files: files.filter((file) => expression.test(file)) };
}

/** A folder that a pattern names brings everything below it. */
export function patternExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (wildcard) =>
      wildcard === '**/'
        ? '(?:.*/)?'
        : wildcard === '**'
          ? '.*'
          : wildcard === '*'
            ? '[^/]*'
            : '[^/]',
    );
  return new RegExp(`^${source}(?:/.*)?$`);
}

async function walk(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** With several paths, an artifact counts from the deepest folder that all of them share. */
export function rootOf(roots: readonly string[]): string {
  const [first = [], ...others] = roots.map((root) => root.split('/'));
  const shared = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (shared < 0 ? first : first.slice(0, shared)).join('/') || '/';
}

function reportNothing(context: StandInContext, paths: readonly string[]): void {
  const names = paths.map((path) => basename(path)).join(', ');
  const message = `No files were found with the provided path: ${names}. No artifacts will be uploaded.`;
  const behaviour = context.inputs['if-no-files-found'] || 'warn';
  if (behaviour === 'error') throw new Error(message);
  if (behaviour === 'warn') context.warning(message);
  else context.log(message);
}
