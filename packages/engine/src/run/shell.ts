import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** How a script is run. */
export interface ShellCommand {
  readonly command: string;
  /** The arguments, with `{0}` for the script. */
  readonly args: readonly string[];
  readonly extension: string;
}

/** The command lines that GitHub documents for `shell:`. */
const known: Readonly<Record<string, ShellCommand>> = {
  bash: {
    command: 'bash',
    args: ['--noprofile', '--norc', '-e', '-o', 'pipefail', '{0}'],
    extension: '.sh',
  },
  sh: { command: 'sh', args: ['-e', '{0}'], extension: '.sh' },
  python: { command: 'python', args: ['{0}'], extension: '.py' },
};

/** @throws Error when the shell is neither known nor a template with `{0}`. */
export function shellCommand(shell: string): ShellCommand {
  const found = known[shell];
  if (found !== undefined) return found;
  const [command, ...args] = shell.split(/\s+/).filter((part) => part !== '');
  if (command === undefined || !args.some((part) => part.includes('{0}'))) {
    throw new Error(`shell '${shell}' is not supported (bash, sh, python or 'command {0}')`);
  }
  return { command, args, extension: '' };
}

/** Without `shell:` the runner takes bash without pipefail, or sh where there is no bash. */
export async function defaultShell(path: string): Promise<ShellCommand> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const isThere = await access(join(folder, 'bash'), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return { command: 'bash', args: ['-e', '{0}'], extension: '.sh' };
  }
  return shellCommand('sh');
}
