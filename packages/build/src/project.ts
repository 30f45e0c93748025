import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ActionContract } from '@gatewright/contract';

/** The folders directly under `parent` that hold `file`, sorted by name. */
function foldersWith(root: string, parent: string, file: string): readonly string[] {
  const directory = join(root, parent);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, file)))
    .toSorted();
}

/** The names of all actions: every folder that declares a contract. */
export function actionNames(root: string): readonly string[] {
  return foldersWith(root, 'actions', 'src/contract.ts');
}

/** The names of all reusable workflows. */
export function workflowNames(root: string): readonly string[] {
  return foldersWith(root, 'workflows', 'workflow.yml');
}

function isContract(value: unknown): value is ActionContract {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'inputs' in value &&
    'outputs' in value &&
    'reasonCodes' in value
  );
}

/**
 * Loads the compiled contract of an action: its export `contract`.
 *
 * @throws Error when it is not compiled, exports none, or is in the wrong folder
 */
export async function loadContract(root: string, action: string): Promise<ActionContract> {
  const file = join(root, 'actions', action, 'lib', 'contract.js');
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npx tsc -b\` first.`);
  const module: unknown = await import(pathToFileURL(file).href);
  const contract =
    typeof module === 'object' && module !== null && 'contract' in module
      ? module.contract
      : undefined;
  if (!isContract(contract)) throw new Error(`${file} exports no \`contract\`.`);
  if (contract.name !== action) {
    throw new Error(`${file} is the contract of ${contract.name}: rename one of them.`);
  }
  return contract;
}

/** Loads the contracts of all actions. */
export async function loadContracts(root: string): Promise<readonly ActionContract[]> {
  return Promise.all(actionNames(root).map((action) => loadContract(root, action)));
}
