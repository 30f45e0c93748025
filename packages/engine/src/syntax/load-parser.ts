import { register } from 'node:module';
import type * as Workflows from '@actions/workflow-parser';
import type * as Actions from '@actions/workflow-parser/actions/index';

type ParserModules = typeof Workflows & typeof Actions;

/**
 * GitHub's parser imports its two schema files without an import attribute, which Node refuses. This hook, which runs in
 * Node's loader thread, serves exactly those two files as modules; nothing else is touched.
 */
const schemaHook = `
import { readFile } from 'node:fs/promises';
export async function load(url, context, next) {
  if (!/\\/@actions\\/workflow-parser\\/dist\\/(workflow|action)-v1\\.0\\.min\\.json$/.test(url)) return next(url, context);
  const text = await readFile(new URL(url), 'utf8');
  return { format: 'module', shortCircuit: true, source: 'export default ' + text };
}`;

let loaded: Promise<ParserModules> | undefined;

/** GitHub's workflow and action parser, loaded once on first use. */
export function loadParser(): Promise<ParserModules> {
  loaded ??= importParser();
  return loaded;
}

async function importParser(): Promise<ParserModules> {
  try {
    register(`data:text/javascript,${encodeURIComponent(schemaHook)}`, import.meta.url);
  } catch {
    // A host with its own module loader (a test runner) refuses hooks and reads JSON by itself. Where neither holds,
    // the import below fails and says so.
  }
  const workflows = await import('@actions/workflow-parser');
  const actions = await import('@actions/workflow-parser/actions/index');
  return { ...workflows, ...actions };
}
