import { inspect } from 'node:util';
import { bundleAction } from './bundle-action.ts';
import { bundleAll } from './bundle.ts';
import { staleFiles, writeFiles } from './generated-files.ts';
import { exportUsage, exportWorkflows } from './export.ts';
import { complaints, generatedFiles } from './generate.ts';
import { actionNames, loadContracts } from './project.ts';

/** Where the tool works and how it speaks. */
export interface Tool {
  readonly root: string;
  /** The tool's own entry file. */
  readonly program: string;
  say(line: string): void;
}

type Command = (tool: Tool, words: readonly string[]) => Promise<number>;

const usage = 'usage: main.js generate [--check] | bundle [action…] | export --out DIR …';

async function write(tool: Tool): Promise<number> {
  const contracts = await loadContracts(tool.root);
  for (const { path, content } of writeFiles(tool.root, generatedFiles(tool.root, contracts))) {
    tool.say(`${content === undefined ? 'removed' : 'wrote'} ${path}`);
  }
  return complain(tool, complaints(tool.root, contracts));
}

async function check(tool: Tool): Promise<number> {
  const contracts = await loadContracts(tool.root);
  const stale = staleFiles(tool.root, generatedFiles(tool.root, contracts)).map(
    ({ path, content }) =>
      `${path}: ${content === undefined ? 'should not exist' : 'not as generated'}; run \`npm run build\``,
  );
  return complain(tool, [...stale, ...complaints(tool.root, contracts)]);
}

function complain(tool: Tool, lines: readonly string[]): number {
  for (const line of lines) tool.say(line);
  return lines.length === 0 ? 0 : 1;
}

async function bundle(tool: Tool, words: readonly string[]): Promise<number> {
  const known = actionNames(tool.root);
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0) {
    return complain(tool, [`no such action: ${unknown.join(', ')}; there are ${known.join(', ')}`]);
  }
  const reports = await bundleAll(tool.root, tool.program, words.length > 0 ? words : known);
  for (const { action, state, bytes } of reports) {
    tool.say(`${action}: ${state}${state === 'failed' ? '' : `, ${bytes} bytes`}`);
  }
  return reports.some(({ state }) => state === 'failed') ? 1 : 0;
}

/** Says the name of each action that it has built; one that fails does not keep the others from it. */
async function bundleHere(tool: Tool, actions: readonly string[]): Promise<number> {
  let code = 0;
  for (const action of actions) {
    try {
      await bundleAction(tool.root, action);
      tool.say(action);
    } catch (error) {
      process.stderr.write(`${action}: ${inspect(error)}\n`);
      code = 1;
    }
  }
  return code;
}

async function exportAll(tool: Tool, words: readonly string[]): Promise<number> {
  const done = exportWorkflows(tool.root, words);
  if ('problems' in done) return complain(tool, [...done.problems, exportUsage]);
  for (const file of done.files) tool.say(`wrote ${file}`);
  return 0;
}

const commands: Readonly<Record<string, Command>> = {
  generate: (tool, words) => (words.includes('--check') ? check(tool) : write(tool)),
  bundle,
  'bundle-here': bundleHere,
  export: exportAll,
};

/** Runs one command line; gives the exit code. */
export async function runCommand(tool: Tool, words: readonly string[]): Promise<number> {
  const [name = '', ...rest] = words;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return complain(tool, [usage]);
  return command(tool, rest);
}
