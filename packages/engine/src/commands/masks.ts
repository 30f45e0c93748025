/** Replaces secrets in everything that leaves a job. */
export interface Masks {
  /** Masks a value and each of its lines. @returns false when there is nothing to mask (only white space). */
  add(value: string): boolean;
  mask(text: string): string;
  /** Whether a text holds a masked value. */
  covers(text: string): boolean;
}

const replacement = '***';

/** Masks as the runner keeps them: overlapping and touching finds become one `***`. */
export function createMasks(): Masks {
  const values = new Set<string>();
  const add = (value: string): boolean => {
    if (value.trim() === '') return false;
    values.add(value);
    for (const line of value.split(/\r?\n/)) {
      if (line.trim() !== '') values.add(line.trim());
    }
    return true;
  };
  return {
    add,
    mask: (text) => cover(text, findAll(text, values)),
    covers: (text) => [...values].some((value) => text.includes(value)),
  };
}

type Span = readonly [start: number, end: number];

function findAll(text: string, values: ReadonlySet<string>): readonly Span[] {
  const spans: Span[] = [];
  for (const value of values) {
    // Finds may overlap with themselves ("aa" in "aaa"), so the search goes on one character later.
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
      spans.push([at, at + value.length]);
    }
  }
  return spans.toSorted(([one], [other]) => one - other);
}

function cover(text: string, spans: readonly Span[]): string {
  let masked = '';
  let done = 0;
  let open: Span | undefined;
  for (const span of spans) {
    if (open !== undefined && span[0] <= open[1]) {
      open = [open[0], Math.max(open[1], span[1])];
      continue;
    }
    if (open !== undefined) {
      masked += text.slice(done, open[0]) + replacement;
      done = open[1];
    }
    open = span;
  }
  if (open === undefined) return text;
  return masked + text.slice(done, open[0]) + replacement + text.slice(open[1]);
}
