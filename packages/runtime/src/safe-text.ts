import { stripVTControlCharacters } from 'node:util';

// Control characters, and format characters, which hide in text or change its direction.
const unprintable = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;

/** Without terminal escapes and control characters; every kind of line end becomes `\n`. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replaceAll(unprintable, '');
}

/**
 * A line that the runner does not take for a workflow command. It reads `::` at the start of a line (after white space)
 * and the older `##[` anywhere in it.
 */
export function inertLine(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## [');
}

/** The lines of a plain text: the first as it is, the others indented, so that a value cannot forge a line. */
export function logLines(plain: string): string[] {
  return plain.split('\n').map((line, index) => inertLine(index === 0 ? line : `  ${line}`));
}

/** On one line, with the white space folded. */
export function singleLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim();
}

/** At most `limit` UTF-16 units, the last one an ellipsis when something was cut; never half a character. */
export function cutCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function firstBytes(text: string, bytes: number): string {
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString()
    .replace(/\ufffd$/, '');
}

function lastBytes(text: string, bytes: number): string {
  const all = Buffer.from(text);
  return all
    .subarray(Math.max(0, all.length - bytes))
    .toString()
    .replace(/^\ufffd+/, '');
}

/**
 * The head and the tail of a text within a limit of UTF-8 bytes, with a line between them that says how much is left
 * out. Cuts at line ends where there are any in the half.
 */
export function cutMiddle(text: string, limit: number): string {
  const total = Buffer.byteLength(text);
  if (total <= limit) return text;
  const half = Math.floor(limit / 2);
  const headPart = firstBytes(text, half);
  const tailPart = lastBytes(text, half);
  const headEnd = headPart.lastIndexOf('\n');
  const tailStart = tailPart.indexOf('\n');
  const head = headEnd > 0 ? headPart.slice(0, headEnd) : headPart;
  const tail =
    tailStart >= 0 && tailStart < tailPart.length - 1 ? tailPart.slice(tailStart + 1) : tailPart;
  const left = total - Buffer.byteLength(head) - Buffer.byteLength(tail);
  return `${head}\n… ${left} bytes left out …\n${tail}`;
}
