import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser';
import { isMap, isSeq, parse, parseDocument } from 'yaml';
import * as z from 'zod';

/** Root of this repository, which serves `OWNER/gatewright@v1`. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A workflow, or the part of one that a page shows. */
export interface Caller {
  /** Where it stands: `README.md:12`. */
  readonly place: string;
  readonly text: string;
}

/** The folders of `workflows/`. */
export const products = readdirSync(join(root, 'workflows')).toSorted();

export const actions = readdirSync(join(root, 'actions')).toSorted();

/** Every page that may show how to call something of ours. */
export function pages(): string[] {
  return [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'test/consumer/README.md',
    ...pagesBelow('docs'),
    ...products.map((name) => `workflows/${name}/README.md`),
    ...actions.map((name) => `actions/${name}/README.md`),
  ];
}

function pagesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** The fenced YAML blocks of a page that use something, each with the line of its first line. */
export function callersIn(path: string, text = textOf(path)): Caller[] {
  const fence = /^([ \t]*)(`{3,}|~{3,})ya?ml[^\n]*\n([\s\S]*?)^\1\2[ \t]*$/gmu;
  return [...text.matchAll(fence)].flatMap((match) => {
    const [, indent = '', , body = ''] = match;
    if (!/^[\s-]*uses:/mu.test(body)) return [];
    const line = text.slice(0, match.index).split('\n').length + 1;
    return [
      { place: `${path}:${line}`, text: body.replaceAll(new RegExp(`^${indent}`, 'gmu'), '') },
    ];
  });
}

/** Completes a list of steps, or jobs alone, to a workflow; a whole workflow stays as it is. */
export function asWorkflow({ place, text }: Caller): string {
  const { contents } = parseDocument(text);
  const indented = (columns: number): string => text.replaceAll(/^(?=.)/gmu, ' '.repeat(columns));
  if (isSeq(contents)) {
    return `on: push\njobs:\n  shown:\n    runs-on: ubuntu-24.04\n    steps:\n${indented(6)}`;
  }
  if (!isMap(contents)) throw new Error(`${place}: neither steps, nor jobs, nor a workflow`);
  if (contents.has('jobs')) return text;
  const jobs = `on: push\njobs:\n${indented(2)}`;
  const shown = jobsOf(jobs);
  const absent = Object.values(shown)
    .flatMap(({ needs = [] }) => needs)
    .filter((name) => shown[name] === undefined);
  const stub = 'runs-on: ubuntu-24.04\n    steps: [{ run: exit }]\n';
  return jobs + [...new Set(absent)].map((name) => `  ${name}:\n    ${stub}`).join('');
}

/** This repository, by its moving tag or by a commit. */
const served = /^OWNER\/gatewright@(?:v1|[0-9a-f]{40})$/u;

/** What GitHub's own parser complains about, each with its line; called workflows are served from this repository. */
export async function complaintsOfGitHub({ place, text }: Caller): Promise<string[]> {
  const file = { name: place, content: text };
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
  if (value === undefined)
    return [`${place}: no workflow`, ...messages(context.errors.getErrors())];
  const provider = {
    getFileContent: (reference: { readonly path: string; readonly version?: string }) => {
      if (!('owner' in reference)) throw new Error(`no ${reference.path} in the caller's own tree`);
      const { owner, repository, version, path } = z
        .object({
          owner: z.string(),
          repository: z.string(),
          version: z.string(),
          path: z.string(),
        })
        .parse(reference);
      if (!served.test(`${owner}/${repository}@${version}`)) {
        throw new Error(`${owner}/${repository}@${version} is not served here`);
      }
      return Promise.resolve({ name: path, content: textOf(path) });
    },
  };
  const template = await convertWorkflowTemplate(context, value, provider, {
    fetchReusableWorkflowDepth: 10,
  });
  return messages([...context.errors.getErrors(), ...(template.errors ?? [])]);
}

function messages(errors: readonly object[]): string[] {
  return errors.map((error) =>
    'message' in error ? String(error.message) : 'Message' in error ? String(error.Message) : '?',
  );
}

const inputDefinition = z.object({
  type: z.enum(['string', 'boolean', 'number', 'choice', 'environment']).default('string'),
  required: z.boolean().default(false),
});
const inputsSchema = z.record(z.string(), inputDefinition).default({});
const permissionsSchema = z.record(z.string(), z.enum(['read', 'write', 'none']));
const nameOrNames = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));
const jobSchema = z.object({
  uses: z.string().optional(),
  needs: nameOrNames.optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  permissions: permissionsSchema.optional(),
});
const workflowSchema = z.object({
  on: z.unknown(),
  jobs: z.record(z.string(), jobSchema),
});
type Inputs = z.infer<typeof inputsSchema>;
type Trigger = 'workflow_dispatch' | 'workflow_call';
const triggerSchema = z.object({ inputs: inputsSchema }).nullish();
const noTriggers: Partial<Record<Trigger, { inputs: Inputs }>> = {};
const triggersSchema = z.union([
  nameOrNames.transform(() => noTriggers),
  z.object({ workflow_dispatch: triggerSchema, workflow_call: triggerSchema }),
]);

/** The jobs of a workflow, as far as these tests look at them. */
export function jobsOf(text: string): z.infer<typeof workflowSchema>['jobs'] {
  return workflowSchema.parse(parse(text)).jobs;
}

function inputsOf(text: string, trigger: Trigger): Inputs {
  const triggers = triggersSchema.parse(workflowSchema.parse(parse(text)).on);
  return triggers[trigger]?.inputs ?? {};
}

/** The product workflow that a `uses:` names; undefined when it names something else. */
export function calledWorkflow(uses: string): string | undefined {
  return /^OWNER\/gatewright\/(\.github\/workflows\/[\w-]+\.yml)@(?:v1|[0-9a-f]{40})$/u.exec(
    uses,
  )?.[1];
}

/** In what the calls of a workflow differ from what the called workflows declare; independent of GitHub's parser. */
export function callProblems({ place, text }: Caller): string[] {
  const own = inputsOf(text, 'workflow_dispatch');
  return Object.entries(jobsOf(text)).flatMap(([id, job]) => {
    if (job.uses === undefined) return [];
    const path = calledWorkflow(job.uses);
    if (path === undefined) return [`${place}: ${id} calls ${job.uses}, which is not served here`];
    const declared = inputsOf(textOf(path), 'workflow_call');
    const missing = Object.entries(declared)
      .filter(([name, { required }]) => required && job.with[name] === undefined)
      .map(([name]) => `${place}: ${id} lacks ${name}`);
    const given = Object.entries(job.with).flatMap(([name, value]) => {
      const wanted = declared[name]?.type;
      if (wanted === undefined) return [`${place}: ${path} has no input ${name}`];
      const type = typeGiven(value, own);
      return type === wanted ? [] : [`${place}: ${name} takes ${wanted}, not ${type}`];
    });
    return [...missing, ...given];
  });
}

/** Type of a value under `with:`; a lone `${{ inputs.x }}` has the type of the caller's own input. */
function typeGiven(value: unknown, own: Inputs): string {
  const name = typeof value === 'string' && /^\$\{\{ inputs\.([\w-]+) \}\}$/u.exec(value)?.[1];
  if (typeof name !== 'string') return typeof value;
  const type = own[name]?.type;
  if (type === undefined) return `an input ${name} that the caller does not have`;
  return type === 'choice' || type === 'environment' ? 'string' : type;
}

/** What the jobs of a workflow need of the token, all together. */
export function sumOfPermissions(text: string): Record<string, string> {
  const sum = new Map<string, string>();
  for (const { permissions = {} } of Object.values(jobsOf(text))) {
    for (const [scope, level] of Object.entries(permissions)) {
      if (level === 'write' || (level === 'read' && sum.get(scope) !== 'write')) {
        sum.set(scope, level);
      }
    }
  }
  return Object.fromEntries(sum);
}
