import type { ProbeResult, ReleaseIdentity } from './model.ts';
import { selectFromBody } from './read-json.ts';
import { safeText } from './safe-text.ts';

/** What one request for the release says about a target. */
export type ReleaseObservation =
  | { readonly kind: 'expected' }
  | { readonly kind: 'other'; readonly release: string }
  /** It answered, but told no release. */
  | { readonly kind: 'untold'; readonly detail: string }
  | { readonly kind: 'no-answer'; readonly detail: string };

/** Reads the release out of an answer. Only a 2xx answer tells one; redirects are not followed. */
export function observeRelease(
  result: ProbeResult,
  identity: ReleaseIdentity,
  expected: string,
): ReleaseObservation {
  if (result.kind === 'no-answer') return { kind: 'no-answer', detail: result.detail };
  if (result.status < 200 || result.status > 299) {
    return { kind: 'untold', detail: `status ${result.status}${redirectNote(result.headers)}` };
  }
  const told =
    identity.kind === 'header'
      ? headerRelease(result.headers, identity.header)
      : jsonRelease(selectFromBody(result, identity.jsonPath), identity.jsonPath);
  if ('detail' in told) return { kind: 'untold', detail: told.detail };
  if (told.release === expected) return { kind: 'expected' };
  const shown = safeText(told.release);
  return {
    kind: 'other',
    release: shown === expected ? `${shown} and unprintable characters` : shown,
  };
}

type Told = { readonly release: string } | { readonly detail: string };

function headerRelease(headers: Readonly<Record<string, string>>, name: string): Told {
  const release = headers[name.toLowerCase()];
  return release === undefined ? { detail: `no header ${name}` } : { release };
}

function jsonRelease(selection: ReturnType<typeof selectFromBody>, path: string): Told {
  if (selection.kind === 'unreadable') return { detail: selection.detail };
  const [value, ...more] = selection.values;
  if (more.length > 0) return { detail: `${path} selects ${selection.values.length} values` };
  if (typeof value === 'string') return { release: value };
  return { detail: value === undefined ? `nothing at ${path}` : `no text at ${path}` };
}

/** ` to …` for a redirect: the place often tells at once what is wrong (a login page, another host). */
export function redirectNote(headers: Readonly<Record<string, string>>): string {
  const location = headers['location'];
  return location === undefined ? '' : ` to ${safeText(location)} (redirects are not followed)`;
}
