import { stripVTControlCharacters } from 'node:util';

// Control characters, and format characters, which hide in text or change its direction.
const unprintable = /[\p{Cc}\p{Cf}]/gu;

// Most names are like this already, and a report has a million of them.
const plainLine = /^[!-~]+(?: [!-~]+)*$/;

/**
 * A text from a report as one line that is safe to show: without terminal escapes, control and direction characters.
 * @param limit - characters to keep; what is cut is shown by an ellipsis
 */
export function cleanText(text: string, limit = 500): string {
  if (text.length <= limit && plainLine.test(text)) return text;
  // Cut before cleaning as well: a message can be megabytes, and the rest of it is not shown.
  const line = stripVTControlCharacters(text.slice(0, limit * 4))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(unprintable, '')
    .trim();
  return line.length <= limit && text.length <= limit * 4
    ? line
    : `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
