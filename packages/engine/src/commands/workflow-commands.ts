/** A `::name property=value::data` line, unescaped. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

export const annotationLevels = ['error', 'warning', 'notice'] as const;
export type AnnotationLevel = (typeof annotationLevels)[number];

/** What a line of output means to the runner. */
export type LineEffect =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'annotation';
      readonly level: AnnotationLevel;
      readonly properties: Readonly<Record<string, string>>;
      readonly message: string;
    }
  | { readonly kind: 'mask'; readonly value: string }
  | { readonly kind: 'debug'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'none' };

/** Commands that the runner has disabled or is about to; they fail the step instead of being half obeyed. */
const refusedCommands: Readonly<Record<string, string>> = {
  'set-env': 'GITHUB_ENV',
  'add-path': 'GITHUB_PATH',
  'set-output': 'GITHUB_OUTPUT',
  'save-state': 'GITHUB_STATE',
};

/** Commands that only change how GitHub shows a log. */
const silentCommands = new Set(['add-matcher', 'echo', 'remove-matcher']);

const knownCommands = new Set([
  ...annotationLevels,
  ...silentCommands,
  ...Object.keys(refusedCommands),
  'add-mask',
  'debug',
  'endgroup',
  'group',
  'stop-commands',
]);

/** Reads a command line; undefined for ordinary output. `extra` is the token that ends `stop-commands`. */
export function parseCommand(line: string, extra?: string): WorkflowCommand | undefined {
  const text = line.trimStart();
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end < 0) return undefined;
  const head = text.slice(2, end);
  const space = head.indexOf(' ');
  const name = space < 0 ? head : head.slice(0, space);
  const isKnown = knownCommands.has(name.toLowerCase()) || name === extra;
  if (!isKnown) return undefined;
  const properties = space < 0 ? {} : parseProperties(head.slice(space + 1));
  return { name, properties, data: unescapeData(text.slice(end + 2)) };
}

/** Reads the output of one step line by line; it remembers whether commands are stopped. */
export function createCommandReader(): (line: string) => LineEffect {
  let resumeToken: string | undefined;
  return (line) => {
    const command = parseCommand(line, resumeToken);
    if (resumeToken !== undefined) {
      if (command?.name !== resumeToken) return { kind: 'text', text: line };
      resumeToken = undefined;
      return { kind: 'none' };
    }
    if (command === undefined) return { kind: 'text', text: line };
    if (command.name.toLowerCase() === 'stop-commands') {
      const problem = badResumeToken(command.data);
      if (problem !== undefined) return { kind: 'refused', message: problem };
      resumeToken = command.data;
      return { kind: 'none' };
    }
    return effectOf(command);
  };
}

function effectOf({ name, properties, data }: WorkflowCommand): LineEffect {
  const command = name.toLowerCase();
  const level = annotationLevels.find((known) => known === command);
  if (level !== undefined) return { kind: 'annotation', level, properties, message: data };
  const file = refusedCommands[command];
  if (file !== undefined) {
    const message = `The \`${command}\` command is disabled. Please use the file in $${file} instead.`;
    return { kind: 'refused', message };
  }
  if (command === 'add-mask') return { kind: 'mask', value: data };
  if (command === 'debug') return { kind: 'debug', message: data };
  if (command === 'group') return { kind: 'text', text: `##[group]${data}` };
  if (command === 'endgroup') return { kind: 'text', text: '##[endgroup]' };
  return { kind: 'none' };
}

function badResumeToken(token: string): string | undefined {
  if (token !== '' && !knownCommands.has(token.toLowerCase())) return undefined;
  return `Invoked ::stop-commands:: with the token '${token}', which is empty or the name of a command.`;
}

function parseProperties(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .trim()
    .split(',')
    .flatMap((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return [];
      return [[pair.slice(0, equals).trim(), unescapeProperty(pair.slice(equals + 1))] as const];
    });
  return Object.fromEntries(pairs);
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replace(/%3A/gi, ':').replace(/%2C/gi, ','));
}

/** `%25` comes last, so that an escaped percent sign cannot form another escape. */
function unescapeData(text: string): string {
  return text.replace(/%0D/gi, '\r').replace(/%0A/gi, '\n').replace(/%25/g, '%');
}
