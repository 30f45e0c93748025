const mostCharacters = 160;

/**
 * A foreign text as a Markdown code span, fit for a table: there, Markdown, HTML, mentions and references mean nothing.
 * Cut, and on one line without hidden characters.
 */
export function codeSpan(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const cut =
    line.length <= mostCharacters
      ? line
      : `${line.slice(0, mostCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
  if (cut === '') return '';
  const longest = Math.max(0, ...(cut.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const inner = longest === 0 ? cut : ` ${cut} `;
  return fence + inner.replaceAll('|', String.raw`\|`) + fence;
}
