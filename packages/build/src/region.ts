/** The name of a region between `<!-- name:start -->` and `<!-- name:end -->`. */
export type RegionName = 'generated' | 'actions';

/** A region that is there once and in order, or `undefined`. */
function locate(text: string, name: RegionName): { start: number; end: number } | undefined {
  const open = `<!-- ${name}:start -->`;
  const close = `<!-- ${name}:end -->`;
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  if (start < 0 || end < start) return undefined;
  return { start: start + open.length, end };
}

export function hasRegion(text: string, name: RegionName): boolean {
  return locate(text, name) !== undefined;
}

/** A region as it stands in a file: the formatter leaves it alone. */
function fenced(body: string): string {
  return `\n\n<!-- prettier-ignore-start -->\n\n${body.trim()}\n\n<!-- prettier-ignore-end -->\n\n`;
}

/** The text with the body of a region replaced; a text without the region gets it at its end. */
export function replaceRegion(text: string, name: RegionName, body: string): string {
  const found = locate(text, name);
  if (found) return `${text.slice(0, found.start)}${fenced(body)}${text.slice(found.end)}`;
  return `${text.trimEnd()}\n\n<!-- ${name}:start -->${fenced(body)}<!-- ${name}:end -->\n`;
}
