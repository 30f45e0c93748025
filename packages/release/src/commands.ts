import { spawn } from 'node:child_process';
import { ConfigurationError } from '@gatewright/verdict';

/** What is done in a clone of the repository; replaced in tests by something small. */
export interface Commands {
  /** Installs and builds: afterwards `actions/<name>/dist` is there. */
  readonly build: (directory: string) => Promise<void>;
  /** Runs the acceptance suites against the bundles that stand in the clone. */
  readonly accept: (directory: string) => Promise<void>;
}

type Words = readonly [string, ...string[]];

const build: readonly Words[] = [
  ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'],
  ['npm', 'run', '--silent', 'build'],
];
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
const accept: readonly Words[] = [['node', ...jest, 'test/acceptance', 'test/workflows']];

const credential = /TOKEN|SECRET|PASSWORD|CREDENTIAL|^ACTIONS_|^GITHUB_|^INPUT_/i;

/**
 * The repository's own commands. They run the code of other people, so they see neither a token nor what the runner tells
 * its actions. What they print goes to stderr.
 */
export function ownCommands(env: Readonly<Record<string, string | undefined>>): Commands {
  const bare = Object.fromEntries(Object.entries(env).filter(([name]) => !credential.test(name)));
  return {
    build: (directory) => runAll(build, directory, bare),
    accept: (directory) => runAll(accept, directory, bare),
  };
}

async function runAll(
  lines: readonly Words[],
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  for (const [program, ...words] of lines) {
    const code = await new Promise<number>((resolve, reject) => {
      const child = spawn(program, words, { cwd: directory, env, stdio: ['ignore', 2, 2] });
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    });
    if (code !== 0) {
      throw new ConfigurationError('build-failed', `${program} ${words.join(' ')} failed.`, {
        checked: [`exit code ${code}`],
        remedy: 'Run the same command in a fresh clone and mend what it complains about.',
      });
    }
  }
}
