import { treePath } from '../report/tree-path.ts';
import { positive } from './entry.ts';
import type { JsonObject } from './json-value.ts';
import type { SarifContext } from './sarif-components.ts';

/** Where a result is; `lineText` is the first line of the snippet. */
export interface SarifPlace {
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly lineText: string | undefined;
}

/** @param at - key of what has the locations */
export type SarifPlaceOf = (locations: unknown, at: string) => SarifPlace;

const nowhere: SarifPlace = {
  path: undefined,
  line: undefined,
  column: undefined,
  lineText: undefined,
};

/**
 * Places by `locations`, of which the first in a file counts. File names are absolute, or relative to a chain of base ids,
 * or given by index (SARIF 2.1.0 §3.4); one whose base the report does not say is relative to where the tool ran.
 *
 * @param at - key of the run
 */
export function createPlaceOf(
  run: JsonObject,
  at: string,
  { json, report }: SarifContext,
): SarifPlaceOf {
  const bases = json.optionalObject(run.originalUriBaseIds, at, 'originalUriBaseIds') ?? {};
  const artifacts = json.optionalList(run.artifacts, at, 'artifacts');
  const known = new Map<string | undefined, Map<string, string | undefined>>();

  const absolute = (uri: string, baseId: string | undefined, steps: number): string => {
    if (baseId === undefined || isAbsolute(uri) || !Object.hasOwn(bases, baseId)) return uri;
    const key = `${at}.originalUriBaseIds.${baseId}`;
    if (steps > 100) report.fail('report-malformed', 'the base ids lead in a circle', { key });
    const base = json.object(bases[baseId], key);
    const start = json.optionalText(base.uri, key, 'uri') ?? '';
    const slash = start === '' || start.endsWith('/') ? '' : '/';
    const next = json.optionalText(base.uriBaseId, key, 'uriBaseId');
    return absolute(`${start}${slash}${uri}`, next, steps + 1);
  };

  /** A report names few files many times. */
  const pathOf = (uri: string, baseId: string | undefined): string | undefined => {
    const ofBase = known.get(baseId) ?? new Map<string, string | undefined>();
    if (ofBase.has(uri)) return ofBase.get(uri);
    const file = filePath(absolute(uri, baseId, 0));
    const path = file === undefined ? undefined : treePath(file, report.roots);
    known.set(baseId, ofBase.set(uri, path));
    return path;
  };

  const artifactPath = (value: unknown, key: string): string | undefined => {
    const given = json.optionalObject(value, key, 'artifactLocation');
    const index = json.optionalNumber(given?.index, key, 'artifactLocation.index') ?? -1;
    const isByIndex = typeof given?.uri !== 'string' && index >= 0;
    const artifact = isByIndex ? json.object(artifacts[index], `${at}.artifacts[${index}]`) : given;
    const location = isByIndex
      ? json.optionalObject(artifact?.location, `${at}.artifacts[${index}]`, 'location')
      : given;
    const uri = json.optionalText(location?.uri, key, 'artifactLocation.uri');
    const baseId = json.optionalText(location?.uriBaseId, key, 'artifactLocation.uriBaseId');
    return uri === undefined ? undefined : pathOf(uri, baseId);
  };

  return (locations, key) => {
    for (const value of json.optionalList(locations, key, 'locations')) {
      const { physicalLocation } = json.object(value, key, 'locations[]');
      const location = json.optionalObject(physicalLocation, key, 'locations[].physicalLocation');
      const path = location && artifactPath(location.artifactLocation, key);
      if (location === undefined || path === undefined) continue;
      const region = json.optionalObject(location.region, key, 'region');
      const snippet = json.optionalObject(region?.snippet, key, 'region.snippet');
      const text = json.optionalText(snippet?.text, key, 'region.snippet.text');
      return {
        path,
        line: positive(region?.startLine),
        column: positive(region?.startColumn),
        lineText: text === undefined ? undefined : firstLineOf(text),
      };
    }
    return nowhere;
  };
}

function firstLineOf(text: string): string {
  const end = text.indexOf('\n');
  return text.slice(0, end < 0 ? 1000 : Math.min(end, 1000));
}

function isAbsolute(uri: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|\/|\\)/i.test(uri);
}

/** A URI as a path or `file:` URI; undefined for anything that is not a file. A single letter is a drive. */
function filePath(uri: string): string | undefined {
  if (/^file:/i.test(uri)) return uri;
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) return undefined;
  try {
    return decodeURIComponent(uri);
  } catch {
    // Not every tool encodes what it writes; a name with a percent sign is then as it stands.
    return uri;
  }
}
