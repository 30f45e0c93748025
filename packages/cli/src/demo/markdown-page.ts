import { html } from './html.ts';
import type { Html } from './html.ts';

/**
 * Shows the little Markdown that job summaries use: headings, paragraphs, lists, tables, fenced code, `code`, **strong**.
 * Everything else, HTML and links included, is shown as the text that it is.
 */
export function markdownToHtml(markdown: string): Html {
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  const blocks: Html[] = [];
  for (let start = 0; start < lines.length;) {
    const { block, next } = readBlock(lines, start);
    if (block !== undefined) blocks.push(block);
    start = next;
  }
  return html`${blocks}`;
}

interface Read {
  readonly block?: Html;
  readonly next: number;
}

const heading = /^(#{1,6})\s+(.*)$/;
const listItem = /^\s*(?:[-*]|\d+\.)\s+(.*)$/;
const tableRow = /^\s*\|.*\|\s*$/;
const tableRule = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;
const codeFence = /^\s*```/;

function readBlock(lines: readonly string[], start: number): Read {
  const line = lines[start] ?? '';
  if (line.trim() === '') return { next: start + 1 };
  if (codeFence.test(line)) return readFence(lines, start);
  const title = heading.exec(line)?.[2];
  if (title !== undefined) {
    return { block: html`<p class="heading">${inline(title)}</p>`, next: start + 1 };
  }
  if (tableRow.test(line) && tableRule.test(lines[start + 1] ?? '')) return readTable(lines, start);
  if (listItem.test(line)) return readList(lines, start);
  const next = runEnd(lines, start, (text) => text.trim() !== '' && !startsBlock(text));
  const text = lines.slice(start, Math.max(next, start + 1)).join(' ');
  return { block: html`<p>${inline(text)}</p>`, next: Math.max(next, start + 1) };
}

function startsBlock(line: string): boolean {
  return heading.test(line) || listItem.test(line) || tableRow.test(line) || codeFence.test(line);
}

/** The first line at or after `start` that is not of the run. */
function runEnd(
  lines: readonly string[],
  start: number,
  belongs: (line: string) => boolean,
): number {
  const length = lines.slice(start).findIndex((line) => !belongs(line));
  return length === -1 ? lines.length : start + length;
}

function readFence(lines: readonly string[], start: number): Read {
  const end = runEnd(lines, start + 1, (line) => !codeFence.test(line));
  const code = lines.slice(start + 1, end).join('\n');
  return { block: html`<pre tabindex="0">${code}</pre>`, next: end + 1 };
}

function readList(lines: readonly string[], start: number): Read {
  const next = runEnd(lines, start, (line) => listItem.test(line));
  const items = lines
    .slice(start, next)
    .map((line) => html`<li>${inline(listItem.exec(line)?.[1] ?? '')}</li>`);
  return {
    block: html`<ul>
      ${items}
    </ul>`,
    next,
  };
}

function readTable(lines: readonly string[], start: number): Read {
  const next = runEnd(lines, start, (line) => tableRow.test(line));
  const [head = '', , ...rows] = lines.slice(start, next);
  const titles = cells(head).map((cell) => html`<th scope="col">${inline(cell)}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${cells(row).map((cell) => html`<td>${inline(cell)}</td>`)}
      </tr>`,
  );
  const block = html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${titles}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
  return { block, next };
}

function cells(row: string): string[] {
  const inner = row.trim().slice(1, -1);
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/**
 * `code` and **strong** become elements, a link its text; escapes and character references show the character that they
 * mean.
 */
function inline(text: string): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const found of text.matchAll(inlineMark)) {
    const { fence, code, link, strong } = found.groups ?? {};
    parts.push(html`${plain(text.slice(end, found.index))}`);
    if (fence !== undefined) parts.push(html`<code>${codeText(code ?? '')}</code>`);
    else if (link !== undefined) parts.push(inline(link));
    else parts.push(html`<strong>${plain(strong ?? '')}</strong>`);
    end = found.index + found[0].length;
  }
  return html`${[...parts, html`${plain(text.slice(end))}`]}`;
}

/** A code span ends with as many backticks as it began with. */
const inlineMark =
  /(?<!`)(?<fence>`+)(?!`)(?<code>.+?)(?<!`)\k<fence>(?!`)|\[(?<link>[^[\]]*)\]\([^)\s]*\)|\*\*(?<strong>[^*]+)\*\*/g;

/** One space beside each fence is not meant; a pipe is escaped in tables even inside code. */
function codeText(code: string): string {
  return code.replace(/^ (.*) $/, '$1').replaceAll(String.raw`\|`, '|');
}

const references = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
]);

/** In one pass, so that an escaped ampersand never becomes the start of another reference. */
function plain(text: string): string {
  return text.replaceAll(
    /\\([!-/:-@[-`{-~])|&#(\d{1,6});|&(?:amp|lt|gt|quot);/g,
    (found, escaped: string | undefined, digits: string | undefined) => {
      if (escaped !== undefined) return escaped;
      if (digits === undefined) return references.get(found) ?? found;
      return Number(digits) > 0 ? String.fromCodePoint(Number(digits)) : found;
    },
  );
}
