/** A name and a value from an environment file, in the order of the file. */
export type NamedValue = readonly [name: string, value: string];

/** A line that the runner cannot read; it fails the step. */
export class FileCommandError extends Error {}

/**
 * Reads the `name=value` and `name<<DELIMITER` lines of GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE as the runner does
 * (FileCommandManager.cs): only LF ends a line, empty lines are skipped, a heredoc must be closed.
 * @throws FileCommandError
 */
export function parseNamedValues(content: string): readonly NamedValue[] {
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const values: NamedValue[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    index += 1;
    if (line === '') continue;
    const heredoc = heredocStart(line);
    if (heredoc === undefined) {
      values.push(plainValue(line));
      continue;
    }
    const end = lines.indexOf(heredoc.delimiter, index);
    if (end < 0) {
      throw new FileCommandError(
        `Invalid value. Matching delimiter not found '${heredoc.delimiter}'`,
      );
    }
    values.push([heredoc.name, lines.slice(index, end).join('\n')]);
    index = end + 1;
  }
  return values;
}

/** The folders that GITHUB_PATH adds, in the order of the file. */
export function parsePaths(content: string): readonly string[] {
  return content.split('\n').filter((line) => line !== '');
}

/** Why GITHUB_ENV refuses a name; undefined when it takes it. */
export function refusedEnvironmentName(name: string): string | undefined {
  if (name.toUpperCase() !== 'NODE_OPTIONS') return undefined;
  return "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.";
}

function heredocStart(line: string): { name: string; delimiter: string } | undefined {
  const heredoc = line.indexOf('<<');
  const equals = line.indexOf('=');
  if (heredoc < 0 || (equals >= 0 && equals < heredoc)) return undefined;
  const name = line.slice(0, heredoc);
  const delimiter = line.slice(heredoc + 2);
  if (name === '' || delimiter === '') {
    throw new FileCommandError(
      `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`,
    );
  }
  return { name, delimiter };
}

function plainValue(line: string): NamedValue {
  const equals = line.indexOf('=');
  if (equals < 0) throw new FileCommandError(`Invalid format '${line}'`);
  const name = line.slice(0, equals);
  if (name === '') {
    throw new FileCommandError(`Invalid format '${line}'. Name must not be empty`);
  }
  return [name, line.slice(equals + 1)];
}
