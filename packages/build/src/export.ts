import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { renderWorkflow } from '@gatewright/workflows';
import type { RenderOptions } from '@gatewright/workflows';
import { workflowNames } from './project.ts';

const options = {
  'self-ref': { type: 'string', default: 'pinned' },
  repository: { type: 'string', default: '' },
  sha: { type: 'string', default: '' },
  version: { type: 'string', default: '' },
  out: { type: 'string', default: '' },
} as const;

/** How to use it. */
export const exportUsage =
  'usage: npm run export -- --self-ref pinned --repository OWNER/gatewright --sha COMMIT --version vX.Y.Z --out DIR';

/**
 * Writes the product workflows for servers and runners that do not know `$/`: every action is named by repository and
 * commit. The actions themselves are those of that commit, so it has to be a published one.
 *
 * @returns the files that were written, or what is wrong with the words
 */
export function exportWorkflows(
  root: string,
  words: readonly string[],
): { readonly files: readonly string[] } | { readonly problems: readonly string[] } {
  const { values } = parseArgs({ args: [...words], options });
  const problems = [
    ...demand('--self-ref', values['self-ref'], /^(?:pinned|self)$/, 'pinned or self'),
    ...demand('--out', values.out, /./, 'a directory'),
    ...(values['self-ref'] === 'self' ? [] : pinProblems(values)),
  ];
  if (problems.length > 0) return { problems };
  const selfRef: RenderOptions['selfRef'] =
    values['self-ref'] === 'self'
      ? 'self'
      : { repository: values.repository, commit: values.sha, version: values.version };
  const directory = resolve(root, values.out);
  mkdirSync(directory, { recursive: true });
  const files = workflowNames(root).map((name) => {
    const source = readFileSync(join(root, 'workflows', name, 'workflow.yml'), 'utf8');
    const file = join(directory, `${name}.yml`);
    writeFileSync(file, renderWorkflow(source, { name, selfRef }));
    return file;
  });
  return { files };
}

function pinProblems(values: { repository: string; sha: string; version: string }): string[] {
  return [
    ...demand('--repository', values.repository, /^[\w.-]+\/[\w.-]+$/, 'owner/name'),
    ...demand('--sha', values.sha, /^[0-9a-f]{40}$/, 'the 40 hex digits of a published commit'),
    ...demand('--version', values.version, /^v\d+\.\d+\.\d+$/, 'vX.Y.Z'),
  ];
}

function demand(name: string, value: string, pattern: RegExp, accepted: string): string[] {
  return pattern.test(value) ? [] : [`${name} ${value || 'is missing'}: accepted is ${accepted}`];
}
