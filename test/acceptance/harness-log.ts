/** A workflow command as the runner would obey it. */
export interface LogCommand {
  readonly name: string;
  readonly properties: string;
  readonly message: string;
}

/** What a step wrote, split as the runner splits it. */
export interface StepLog {
  /** What somebody sees who opens the log. */
  readonly shown: string;
  /** What the runner obeys. */
  readonly commands: readonly LogCommand[];
}

/** The second form is the old one, which the runner finds anywhere in a line (actions/runner, ActionCommand.cs). */
const current = /^\s*::([\w-]+)(?: ([^:]*))?::(.*)$/u;
const old = /##\[([\w-]+)(?: ([^\]]*))?\](.*)$/u;

/**
 * Reads a log by the rules of the runner: written anew here and not taken from the product, so that its shielding of
 * remote output is judged by somebody else.
 */
export function readStepLog(raw: string): StepLog {
  const shown: string[] = [];
  const commands: LogCommand[] = [];
  let resumeToken: string | undefined;
  for (const line of raw.split(/\r?\n/u)) {
    const command = commandIn(line);
    if (resumeToken !== undefined) {
      if (command?.name === resumeToken) resumeToken = undefined;
      else shown.push(line);
    } else if (command === undefined) {
      shown.push(line);
    } else if (command.name === 'stop-commands') {
      resumeToken = command.message;
    } else {
      commands.push(command);
      if (isVisible(command)) shown.push(command.message);
    }
  }
  return { shown: shown.join('\n'), commands };
}

function commandIn(line: string): LogCommand | undefined {
  const match = current.exec(line) ?? old.exec(line);
  if (match === null) return undefined;
  const [, name = '', properties = '', message = ''] = match;
  return { name, properties, message };
}

function isVisible({ name }: LogCommand): boolean {
  return ['error', 'warning', 'notice', 'group', 'debug'].includes(name);
}
