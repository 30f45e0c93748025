import { stripVTControlCharacters } from 'node:util';

/** A line without the colours that compilers write when they are told to. */
export function plainLine(line: string): string {
  return line.includes('\u001b') ? stripVTControlCharacters(line) : line;
}

/**
 * The first line with text, by which a line format is recognised. Undefined for JSON: messages inside of it can look like
 * any line.
 */
export function firstLine(lines: readonly string[]): string | undefined {
  const line = lines.map(plainLine).find((text) => text.trim() !== '');
  return line !== undefined && /^\s*(?:\{|\[\s*(?:[{"[\]]|$))/.test(line) ? undefined : line;
}
