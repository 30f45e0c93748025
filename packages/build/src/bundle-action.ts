import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { minify } from '@swc/core';
import ncc from '@vercel/ncc';
import { inputsHash, stampFile } from './inputs-hash.ts';
import { renderLicenses } from './licenses.ts';

/** The second entry into a bundle: the runtime tells the step by the name of the file that was started. */
const postEntry = "import './index.js';\n";

const statistics = { all: false, modules: true, nestedModules: true, ids: true };

/**
 * ncc's own minifying leaves the chunks of dynamic imports as they are and takes most of the build's time. Names are
 * kept: a stack in a debug log must tell where it comes from, and an error's name is that of its class.
 */
async function minified(source: string): Promise<string> {
  const names = { keep_classnames: true, keep_fnames: true };
  const { code } = await minify(source, {
    module: true,
    ecma: 2022,
    compress: { passes: 2, ...names },
    mangle: names,
    format: { comments: false },
  });
  return code;
}

/** Bundles one compiled entry into a directory; gives webpack's statistics. */
async function bundleEntry(entry: string, directory: string): Promise<unknown> {
  // `module` before `main`: ncc would otherwise take the CommonJS builds, of which nothing can be shaken off.
  const { code, assets, stats } = await ncc(entry, {
    cache: false,
    quiet: true,
    minify: false,
    mainFields: ['module', 'main'],
  });
  const files: Record<string, { source: string | Buffer }> = {
    'index.js': { source: code },
    ...assets,
  };
  for (const [name, { source }] of Object.entries(files)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, name.endsWith('.js') ? await minified(source.toString()) : source);
  }
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}\n');
  return stats.toJson(statistics);
}

/**
 * Bundles an action into its `dist`, which is replaced as a whole at the end.
 *
 * Module ids are made from paths relative to the working directory: the process must stand in the root, or the bundle
 * has other bytes.
 */
export async function bundleAction(root: string, action: string): Promise<void> {
  process.chdir(root);
  const folder = join(root, 'actions', action);
  // Of its own: two runs at once must not mix their files.
  const draft = join(folder, `dist.new-${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  const stats = await bundleEntry(join(folder, 'lib', 'main.js'), draft);
  if (existsSync(join(folder, 'lib', 'post.js'))) writeFileSync(join(draft, 'post.js'), postEntry);
  writeFileSync(join(draft, 'licenses.txt'), renderLicenses(stats));
  writeFileSync(join(draft, stampFile), `${inputsHash(root, action)}\n`);
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  renameSync(draft, join(folder, 'dist'));
}
