import { hookNames } from '@gatewright/config';
import type { AppConfig, Hook } from '@gatewright/config';
import type { ArchiveEntry } from './archive-entry.ts';
import { ownFolder } from './archive-entry.ts';

/** What a host has to know of a release; a host reads it without a JSON or YAML parser. */
export function ownFiles(app: AppConfig, version: string, commit: string): ArchiveEntry[] {
  const release = `app=${app.app}\nversion=${version}\ncommit=${commit}\nport=${app.service.port}\n`;
  const hooks = hookNames.flatMap((name) => {
    const hook = app.hooks[name];
    return hook === undefined ? [] : hookFiles(name, hook);
  });
  return [
    { kind: 'directory', path: ownFolder },
    textFile(`${ownFolder}/release`, release),
    { kind: 'directory', path: `${ownFolder}/hooks` },
    ...hooks,
  ];
}

function hookFiles(name: string, hook: Hook): ArchiveEntry[] {
  const path = `${ownFolder}/hooks/${name}`;
  const script = { ...textFile(path, hookScript(hook.command)), isExecutable: true };
  return [script, textFile(`${path}.timeout`, `${hook.timeoutSeconds}\n`)];
}

/** A script that becomes the command. Arguments hold no control characters: `gatewright.yml` refuses them. */
export function hookScript(argv: readonly string[]): string {
  return `#!/bin/sh\nexec ${argv.map(quote).join(' ')}\n`;
}

/** Between single quotes a shell reads nothing but the closing quote. */
function quote(argument: string): string {
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

function textFile(path: string, text: string): Extract<ArchiveEntry, { kind: 'file' }> {
  const content = Buffer.from(text);
  return {
    kind: 'file',
    path,
    isExecutable: false,
    bytes: content.length,
    content: async function* () {
      yield content;
    },
  };
}
