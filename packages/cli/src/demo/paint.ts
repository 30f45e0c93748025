import { styleText } from 'node:util';

/** What a piece of text means; how it looks is the painter's affair. */
export type Tone = 'strong' | 'faint' | 'good' | 'bad' | 'mark';

export type Paint = (tone: Tone, text: string) => string;

const styles = {
  strong: 'bold',
  faint: 'dim',
  good: 'green',
  bad: 'red',
  mark: 'cyan',
} as const;

/** Text as it is: for files, pipes and NO_COLOR. */
export const plainPaint: Paint = (_tone, text) => text;

export const colourPaint: Paint = (tone, text) =>
  styleText(styles[tone], text, { validateStream: false });

/** Colour only on a terminal, and only when the user does not object (https://no-color.org). */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const objects = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return stream.isTTY === true && !objects ? colourPaint : plainPaint;
}

/** One line without anything that a terminal obeys. */
export function terminalSafe(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
