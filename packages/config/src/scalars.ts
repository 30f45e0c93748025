import * as z from 'zod';

/** Schemas of single values. The `error` text of each says what is accepted; `explain.ts` builds the sentence. */

export function wholeNumber(min: number, max: number): z.ZodInt {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function decimal(min: number, max: number): z.ZodNumber {
  const error = `a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

/** 0 to 100; two decimals can be told apart without rounding, more could not. */
export const percent = decimal(0, 100).refine((value) => Number(value.toFixed(2)) === value, {
  error: 'more than two decimals',
});

export function text(pattern: RegExp, error: string): z.ZodString {
  return z.string({ error: `text: ${error}` }).regex(pattern, { error });
}

/** Values that end up in file names, tags, parameter paths and shell-quoted words, hence narrow. */
export const appName = text(
  /^[a-z][a-z0-9-]{0,30}$/,
  'a lower-case letter, then up to 30 lower-case letters, digits or hyphens',
);

export const releaseVersion = text(
  /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/,
  'up to 64 letters, digits or any of . + _ -, the first a letter or digit',
);

export const commitSha = text(
  /^[0-9a-f]{40}([0-9a-f]{24})?$/,
  'a full commit id of 40 or 64 hex digits',
);

export const sha256Hex = text(/^[0-9a-f]{64}$/, '64 lower-case hex digits');

export const port = wholeNumber(1, 65_535);

/** The path of a request: sent exactly as written, so nothing that would need encoding. */
export const requestPath = text(
  /^\/(?!\/)[\x21\x22\x24-\x7e]{0,1023}$/,
  'a path that begins with one /, in printable ASCII, with no space and no #',
);

export const headerName = text(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'a header name');

/** RFC 9535; the whole grammar is checked by the probe's own parser, this catches the usual slips. */
export const jsonPath = text(/^\$[^\p{Cc}]{0,1023}$/u, 'a JSONPath (RFC 9535) that begins with $');

export const shortText = text(/^[^\p{Cc}]{1,1024}$/u, 'one line of 1 to 1024 characters');
