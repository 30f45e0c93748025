import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appConfigJsonSchema, policyJsonSchema, waiversJsonSchema } from '@gatewright/config';
import { describeContract, renderActionYml, resultJsonSchema } from '@gatewright/contract';
import type { ActionContract } from '@gatewright/contract';
import { checkWorkflow, renderWorkflow, workflowContract } from '@gatewright/workflows';
import { renderActionReadme, renderActionsPage, renderRootReadme } from './action-pages.ts';
import { readIfThere } from './generated-files.ts';
import type { GeneratedFile } from './generated-files.ts';
import { actionNames, workflowNames } from './project.ts';

const generatedMark = '# Generated from ';

/** Every generated file of the project, and those that a removed action or workflow left behind. */
export function generatedFiles(
  root: string,
  contracts: readonly ActionContract[],
): readonly GeneratedFile[] {
  return [
    ...contracts.flatMap((contract) => actionFiles(root, contract)),
    ...leftActionFiles(root),
    { path: 'docs/reference/actions.md', content: renderActionsPage(contracts) },
    jsonFile('contracts.json', contractsOf(root, contracts)),
    schemaFile('gatewright', appConfigJsonSchema()),
    schemaFile('policy', policyJsonSchema()),
    schemaFile('waivers', waiversJsonSchema()),
    schemaFile('result', resultJsonSchema()),
    ...rootReadme(root, contracts),
    ...workflowFiles(root),
  ];
}

function actionFiles(root: string, contract: ActionContract): GeneratedFile[] {
  const readme = `actions/${contract.name}/README.md`;
  return [
    { path: `actions/${contract.name}/action.yml`, content: renderActionYml(contract) },
    { path: readme, content: renderActionReadme(contract, readIfThere(root, readme)) },
  ];
}

/** The action.yml of a folder that declares no contract any more. */
function leftActionFiles(root: string): GeneratedFile[] {
  if (!existsSync(join(root, 'actions'))) return [];
  const known = new Set(actionNames(root));
  return readdirSync(join(root, 'actions'))
    .filter((name) => !known.has(name))
    .map((name) => ({ path: `actions/${name}/action.yml`, content: undefined }));
}

function schemaFile(name: string, schema: object): GeneratedFile {
  return jsonFile(`${name}.schema.json`, schema);
}

function jsonFile(name: string, value: object): GeneratedFile {
  return {
    path: `docs/reference/${name}`,
    content: `${JSON.stringify(value, undefined, 2)}\n`,
  };
}

/** What callers may rely on, as data: a release compares it with that of the version before. */
function contractsOf(root: string, contracts: readonly ActionContract[]): object {
  const workflows = workflowNames(root).map(
    (name) => [name, workflowContract(workflowSource(root, name))] as const,
  );
  return {
    schemaVersion: 1,
    actions: Object.fromEntries(
      contracts.map((contract) => [contract.name, describeContract(contract)]),
    ),
    workflows: Object.fromEntries(workflows),
  };
}

function rootReadme(root: string, contracts: readonly ActionContract[]): GeneratedFile[] {
  const current = readIfThere(root, 'README.md');
  if (current === undefined) return [];
  return [{ path: 'README.md', content: renderRootReadme(contracts, current) }];
}

function workflowFiles(root: string): GeneratedFile[] {
  const names = workflowNames(root);
  const rendered = names.map((name) => ({
    path: `.github/workflows/${name}.yml`,
    content: renderWorkflow(workflowSource(root, name), { name, selfRef: 'self' }),
  }));
  const directory = join(root, '.github/workflows');
  const there = existsSync(directory) ? readdirSync(directory) : [];
  const left = there
    .filter((file) => !names.includes(file.replace(/\.yml$/, '')))
    .map((file) => `.github/workflows/${file}`)
    .filter((path) => readIfThere(root, path)?.startsWith(generatedMark))
    .map((path) => ({ path, content: undefined }));
  return [...rendered, ...left];
}

function workflowSource(root: string, name: string): string {
  return readFileSync(join(root, 'workflows', name, 'workflow.yml'), 'utf8');
}

/** What no generated file can mend: broken rules of the workflows and contracts, one line each. */
export function complaints(root: string, contracts: readonly ActionContract[]): readonly string[] {
  return [
    ...contracts.flatMap((contract) => postComplaints(root, contract)),
    ...workflowComplaints(root, contracts),
  ];
}

/** A post step that only one of contract and code knows would be skipped, or would fail every job. */
function postComplaints(root: string, { name, post }: ActionContract): string[] {
  const written = existsSync(join(root, 'actions', name, 'src/post.ts'));
  if (written === (post ?? false)) return [];
  return [
    written
      ? `actions/${name}/src/contract.ts: say \`post: true\`, there is a post.ts`
      : `actions/${name}/src/contract.ts: says \`post: true\`, but there is no post.ts`,
  ];
}

/** What the house rules find in the sources of the workflows, as `path:line: rule: message`. */
function workflowComplaints(root: string, contracts: readonly ActionContract[]): readonly string[] {
  return workflowNames(root).flatMap((name) =>
    checkWorkflow(workflowSource(root, name), contracts).map(
      ({ line, rule, message }) => `workflows/${name}/workflow.yml:${line}: ${rule}: ${message}`,
    ),
  );
}
