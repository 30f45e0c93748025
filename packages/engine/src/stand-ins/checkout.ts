import { cp, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { inputLines } from './input-lines.ts';
import { fieldOf } from './stand-in.ts';
import type { StandIn, StandInContext } from './stand-in.ts';

/** Inputs that only change how the real action talks to git, or that must be off. */
const mustBeOff = ['lfs', 'submodules'] as const;

/** Stands in for actions/checkout: copies the caller's tree. There is no `.git` in the copy. */
export const checkout: StandIn = {
  inputs: [
    'clean',
    'fetch-depth',
    'fetch-tags',
    'path',
    'persist-credentials',
    'ref',
    'repository',
    'set-safe-directory',
    'show-progress',
    'sparse-checkout',
    'sparse-checkout-cone-mode',
    'token',
    ...mustBeOff,
  ],
  async run(context) {
    const { inputs, github } = context;
    const own = fieldOf(github, 'repository');
    if (inputs.repository !== '' && inputs.repository?.toLowerCase() !== own.toLowerCase()) {
      throw new Error(`repository '${inputs.repository}' is not the caller's own (${own})`);
    }
    for (const name of mustBeOff) {
      if (inputs[name] !== '' && inputs[name] !== 'false')
        throw new Error(`'${name}' is not supported`);
    }
    const tree = chosenTree(context, (ref) => context.tree(ref));
    const target = targetDirectory(context);
    const patterns = inputLines(inputs['sparse-checkout']);
    const cone = inputs['sparse-checkout-cone-mode'] !== 'false';
    const isWanted = sparseFilter(patterns, cone);
    await empty(target);
    await cp(tree.directory, target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: async (source) => {
        const path = relative(tree.directory, source);
        if (path === '' || patterns.length === 0) return path !== '.git';
        return path !== '.git' && isWanted(path, (await lstat(source)).isDirectory());
      },
    });
    context.setOutput('commit', tree.sha);
    context.setOutput('ref', inputs.ref === '' ? fieldOf(github, 'ref') : (inputs.ref ?? ''));
    context.log(`Copied ${own} at ${tree.sha} to ${relative(context.workspace, target) || '.'}`);
  },
};

type Tree = ReturnType<StandInContext['tree']>;

function chosenTree(
  { inputs, github }: StandInContext,
  tree: (ref: string) => Tree,
): NonNullable<Tree> {
  const refs = inputs.ref ? [inputs.ref] : [fieldOf(github, 'sha'), fieldOf(github, 'ref')];
  for (const ref of refs) {
    const found = tree(ref);
    if (found !== undefined) return found;
  }
  throw new Error(`A branch, tag or commit with the name '${refs[0] ?? ''}' could not be found`);
}

function targetDirectory({ workspace, inputs }: StandInContext): string {
  const target = resolve(workspace, inputs.path ?? '');
  const inside = relative(workspace, target);
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new Error(`Repository path '${target}' is not under '${workspace}'`);
  }
  return target;
}

/**
 * Which paths a sparse checkout has. In cone mode these are the named folders and every file that lies directly in the
 * root or in a folder on the way to them; otherwise the named paths alone.
 */
export function sparseFilter(
  patterns: readonly string[],
  cone: boolean,
): (path: string, isDirectory: boolean) => boolean {
  const wildcard = patterns.find((pattern) => /[*?![\]]/.test(pattern));
  if (wildcard !== undefined)
    throw new Error(`sparse-checkout pattern '${wildcard}' is not supported`);
  const wanted = patterns.map((pattern) => pattern.replace(/^\/+|\/+$/g, ''));
  const onTheWay = new Set(wanted.flatMap(ancestors));
  return (path, isDirectory) => {
    if (onTheWay.has(path)) return true;
    if (wanted.some((at) => path === at || path.startsWith(`${at}/`))) return true;
    const parent = dirname(path);
    return cone && !isDirectory && (parent === '.' || onTheWay.has(parent));
  };
}

function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

async function empty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const names = await readdir(directory);
  await Promise.all(
    names.map((name) => rm(join(directory, name), { recursive: true, force: true })),
  );
}
