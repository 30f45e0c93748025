import { ConfigurationError } from '@gatewright/verdict';
import parseDiff from 'parse-diff';
import type { File } from 'parse-diff';
import type { ChangedLines } from './judge-changes.ts';

/**
 * The lines that a change adds or alters, by path in the new tree.
 *
 * @param diff - output of `git -c core.quotePath=false diff -U0 --no-color --no-ext-diff --src-prefix=a/ --dst-prefix=b/`.
 * Nothing means that nothing changed, so whoever calls git must make sure that it had the base and succeeded.
 * @throws {@link ConfigurationError} `changes-unknown` for a text that is no such output, or is cut off.
 */
export function parseChanges(diff: string): ChangedLines {
  if (diff.trim() === '') return new Map();
  if (!diff.startsWith('diff --git ')) throw unknown('it does not begin with "diff --git"');
  const changes = new Map<string, number[]>();
  for (const file of parseDiff(diff)) {
    const lines = addedLines(file);
    if (file.to === undefined || file.to === '/dev/null' || lines.length === 0) continue;
    changes.set(unquoted(file.to), lines);
  }
  return changes;
}

function addedLines(file: File): number[] {
  const lines: number[] = [];
  for (const { oldLines, newLines, changes } of file.chunks) {
    // `\ No newline at end of file` is told as a change, too.
    const real = changes.filter(({ content }) => !content.startsWith('\\'));
    const added = real.flatMap((change) => (change.type === 'add' ? [change.ln] : []));
    const kept = real.filter(({ type }) => type === 'normal').length;
    const deleted = real.length - added.length - kept;
    if (added.length + kept !== newLines || deleted + kept !== oldLines) {
      throw unknown(`a hunk of ${file.to ?? 'a file'} is cut off`);
    }
    lines.push(...added);
  }
  return lines;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Git quotes names with control characters, quotes or backslashes; a backslash is always in them then (quote.c). */
function unquoted(path: string): string {
  if (!path.includes('\\')) return path;
  return path.replaceAll(/\\([0-7]{3}|.)/gs, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
}

function unknown(problem: string): ConfigurationError {
  return new ConfigurationError('changes-unknown', `The diff cannot be read: ${problem}.`);
}
