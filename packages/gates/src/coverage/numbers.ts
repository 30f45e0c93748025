/** No source file has more lines; a larger number is a defect of the report. */
export const maxLine = 10_000_000;
/** No file has more branches, statements or functions. */
const maxCount = 1_000_000_000;

const zero = 48;
const nine = 57;

/** A whole number that is written in digits only. */
export function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.length === 0 || text.length > 15) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at);
    if (digit < zero || digit > nine) return undefined;
    value = value * 10 + digit - zero;
  }
  return value;
}

/** The number of a line, which counts from 1. */
export function lineNumber(text: string | undefined): number | undefined {
  const line = wholeNumber(text);
  return line !== undefined && line >= 1 && line <= maxLine ? line : undefined;
}

/** How many of something a file has. */
export function countOf(text: string | undefined): number | undefined {
  const count = wholeNumber(text);
  return count !== undefined && count <= maxCount ? count : undefined;
}

/**
 * Whether a count of executions is above zero. Tools write more than 64 bits hold, fractions and exponents; how large the
 * count is does not matter. Undefined for what is no such count, negative ones among them.
 */
export function wasHit(text: string | undefined): boolean | undefined {
  if (text === undefined || text.length === 0) return undefined;
  let hit = false;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at);
    if (digit < zero || digit > nine) return wasHitInPart(text);
    if (digit !== zero) hit = true;
  }
  return hit;
}

function wasHitInPart(text: string): boolean | undefined {
  const mantissa = /^(\d{1,400}(?:\.\d{1,400})?)(?:[eE][+-]?\d{1,4})?$/.exec(text)?.[1];
  return mantissa === undefined ? undefined : /[1-9]/.test(mantissa);
}
