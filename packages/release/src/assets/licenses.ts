/** Licences whose terms a bundle with their texts beside it meets. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** A package of which a bundle holds code. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const rule = `\n\n${'-'.repeat(80)}\n\n`;
const headline = /^(@?[^@\s]+)@(\S+) \((.+)\)$/;

/** The packages that a `licenses.txt` of a bundle names; `undefined` when it has another form. */
export function readNotices(text: string): readonly Notice[] | undefined {
  if (text.trim() === '') return [];
  const notices: Notice[] = [];
  for (const part of text.split(rule)) {
    const [, name, version, license] = headline.exec(part.trimStart().split('\n')[0] ?? '') ?? [];
    if (name === undefined || version === undefined || license === undefined) return undefined;
    notices.push({ name, version, license });
  }
  return notices;
}

/** Whether every part of a licence expression that could bind us is an accepted one. */
export function isAcceptedLicense(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, ' ').split(/\s+OR\s+/);
  return alternatives.some((all) =>
    all
      .trim()
      .split(/\s+AND\s+/)
      .every((one) => accepted.has(one)),
  );
}
