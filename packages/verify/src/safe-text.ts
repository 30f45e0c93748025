const longest = 200;

/**
 * Makes a text from a target fit for logs and reports: no control characters, no line breaks, no marks that change the
 * direction of writing, at most 200 characters.
 */
export function safeText(text: string): string {
  // Cut first: a body can be a mebibyte, and only its beginning is ever shown.
  const head = text.slice(0, longest * 4);
  const clean = head
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .trim();
  const characters = Array.from(clean);
  const isWhole = characters.length <= longest && head.length === text.length;
  return isWhole ? clean : `${characters.slice(0, longest - 1).join('')}…`;
}
