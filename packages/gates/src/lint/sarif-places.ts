import { createPaths, positive } from './entry.ts';
import type { JsonObject } from './json-value.ts';
import type { SarifContext } from './sarif-components.ts';

/** Where a result is; `lineText` is the first line of the snippet. */
export interface SarifPlace {
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly lineText: string | undefined;
}

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
): (locations: unknown, key: string) => SarifPlace {
  const treePathOf = createPaths(report.roots);
  const bases = json.optionalObject(run.originalUriBaseIds, `${at}.originalUriBaseIds`) ?? {};
  const artifacts = json.optionalList(run.artifacts, `${at}.artifacts`);

  const absolute = (uri: string, baseId: string | undefined, steps: number): string => {
    if (baseId === undefined || isAbsolute(uri) || !Object.hasOwn(bases, baseId)) return uri;
    const key = `${at}.originalUriBaseIds.${baseId}`;
    if (steps > 100) report.fail('report-malformed', 'the base ids lead in a circle', { key });
    const base = json.object(bases[baseId], key);
    const start = json.optionalText(base.uri, `${key}.uri`) ?? '';
    const next = json.optionalText(base.uriBaseId, `${key}.uriBaseId`);
    return absolute(
      start === '' || start.endsWith('/') ? start + uri : `${start}/${uri}`,
      next,
      steps + 1,
    );
  };

  const pathOf = (value: unknown, key: string): string | undefined => {
    const given = json.optionalObject(value, key);
    const index = json.optionalNumber(given?.index, `${key}.index`);
    const location =
      given?.uri === undefined && index !== undefined && index >= 0
        ? json.optionalObject(
            json.object(artifacts[index], `${at}.artifacts[${index}]`).location,
            `${at}.artifacts[${index}].location`,
          )
        : given;
    const uri = json.optionalText(location?.uri, `${key}.uri`);
    if (uri === undefined) return undefined;
    const path = filePath(
      absolute(uri, json.optionalText(location?.uriBaseId, `${key}.uriBaseId`), 0),
    );
    return path === undefined ? undefined : treePathOf(path);
  };

  return (value, key) => {
    const [first] = json
      .optionalList(value, key)
      .map((entry, index) =>
        json.optionalObject(
          json.object(entry, `${key}[${index}]`).physicalLocation,
          `${key}[${index}].physicalLocation`,
        ),
      )
      .filter((location) => location !== undefined);
    if (first === undefined) return nowhere;
    const path = pathOf(first.artifactLocation, `${key}.artifactLocation`);
    if (path === undefined) return nowhere;
    const region = json.optionalObject(first.region, `${key}.region`);
    const snippet = json.optionalObject(region?.snippet, `${key}.region.snippet`);
    const text = json.optionalText(snippet?.text, `${key}.region.snippet.text`);
    return {
      path,
      line: positive(region?.startLine),
      column: positive(region?.startColumn),
      lineText: text?.slice(0, 1000).split('\n', 1)[0],
    };
  };
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
