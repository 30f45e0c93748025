import { documentParameters } from './parameters.ts';

/** The pieces of the program, in their order. `supervise.sh` is a program of its own, carried in a here-document. */
export const programFiles = [
  'parameters.sh',
  'envelope.sh',
  'journal.sh',
  'lock.sh',
  'releases.sh',
  'fetch.sh',
  'supervise.sh',
  'hooks.sh',
  'switch.sh',
  'apply.sh',
  'revert.sh',
  'inspect.sh',
  'main.sh',
] as const;

/** Makes the exact content of the SSM document from the texts of {@link programFiles}. */
export function assembleDocument(read: (file: string) => string): string {
  const program = programFiles.flatMap((file) =>
    file === 'supervise.sh' ? embedSupervisor(read(file)) : stripped(read(file)),
  );
  const parameters = Object.fromEntries(
    Object.entries(documentParameters).map(([name, parameter]) => [
      name,
      { type: 'String', ...parameter },
    ]),
  );
  const document = {
    schemaVersion: '2.2',
    description: 'Gatewright: brings a release to this host, tells its state, and takes it back.',
    parameters,
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'gatewright',
        inputs: { timeoutSeconds: '{{ ExecutionTimeout }}', runCommand: ['#!/bin/sh', ...program] },
      },
    ],
  };
  return JSON.stringify(document, null, 1);
}

/** The TypeScript module that carries the document, so that a bundle needs no file beside it. */
export function documentModule(content: string): string {
  const literal = `'${content.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  return `// Generated from packages/host/program by \`node packages/host/lib/generate.js\`; do not edit.
// prettier-ignore
export const documentContent = ${literal};
`;
}

function embedSupervisor(text: string): string[] {
  const end = 'GATEWRIGHT_SUPERVISE';
  return ['write_supervisor() {', `cat >"$1" <<'${end}'`, ...stripped(text), end, '}'];
}

/** Without comments and blank lines: the service limits a document to 64 KiB, and the agent needs none of them. */
function stripped(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
}
