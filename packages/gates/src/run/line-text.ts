import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { treePath } from '../report/tree-path.ts';

const mostFileBytes = 8 * 1024 * 1024;
const mostKeptBytes = 128 * 1024 * 1024;

/** The text of a line of the tree; undefined when there is no such line. */
export type LineText = (path: string, line: number) => string | undefined;

/**
 * Reads lines of the tree, for fingerprints that do not change when lines move. Files that are large, not regular, or
 * reached over a link out of the tree are not read.
 *
 * @param root - absolute root of the repository
 */
export function treeLines(root: string): LineText {
  const real = realpathSync(root);
  const files = new Map<string, readonly string[]>();
  let kept = 0;
  return (path, line) => {
    let lines = files.get(path);
    if (lines === undefined) {
      if (kept > mostKeptBytes) {
        files.clear();
        kept = 0;
      }
      const text = readTreeFile(real, path);
      kept += text.length;
      lines = text.split('\n');
      files.set(path, lines);
    }
    return lines[line - 1]?.replace(/\r$/, '');
  };
}

function readTreeFile(root: string, path: string): string {
  try {
    const given = join(root, path);
    // Without an error, which would take many times as long: reports can be of a tree that is not there.
    if (statSync(given, { throwIfNoEntry: false }) === undefined) return '';
    const file = realpathSync(given);
    if (treePath(file, { root, base: root }) === undefined) return '';
    const facts = statSync(file);
    return facts.isFile() && facts.size <= mostFileBytes ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}
