import { cleanText } from '../report/clean-text.ts';

/**
 * A foreign text as plain words inside GitHub Markdown, also inside a table: on one line, and every sign that could be
 * Markdown, HTML, a link or a workflow command is a character reference.
 */
export function words(text: string, limit = 300): string {
  return cleanText(text, limit)
    .replaceAll(/[\\`*_{}[\]<>()#!|@~&$:]|^[-+=]|^\d+(?=[.)])/g, references)
    .replaceAll(/\bwww\./gi, (match) => `${match.slice(0, -1)}&#46;`);
}

/** A foreign text in the type of code. */
export function code(text: string, limit = 300): string {
  return `<code>${words(text, limit)}</code>`;
}

function references(signs: string): string {
  return Array.from(signs, (sign) => `&#${sign.codePointAt(0)};`).join('');
}

/**
 * A table. Cells are Markdown already: made of {@link words}, {@link code} and our own text, none of which holds a pipe or
 * a line break. Missing cells are empty, so that every row has as many as the head.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${head.map((_, index) => cells[index] ?? '').join(' | ')} |`)
    .join('\n');
}

/** A list with one entry a line. */
export function bullets(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join('\n');
}

/** Markdown that is folded until the reader asks for it. @param title - Markdown */
export function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** The first lines of a text that fit into so many bytes of UTF-8. */
export function wholeLines(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const kept: string[] = [];
  let used = 0;
  for (const line of text.split('\n')) {
    used += Buffer.byteLength(line) + 1;
    if (used > bytes) break;
    kept.push(line);
  }
  return kept.join('\n');
}
