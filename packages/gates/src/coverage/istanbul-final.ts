import * as z from 'zod';
import type { JsonReader, ReportContext } from '../report/reader.ts';
import type { CoverageSink } from './coverage.ts';
import { isObject, jsonLine, parseEntry } from './json-entry.ts';
import { createSection } from './section.ts';
import type { Section } from './section.ts';

/** `json` of Istanbul (`coverage-final.json`), also written by Jest, nyc, c8 and Vitest. */
export const istanbulFinalReader: JsonReader<CoverageSink> = {
  format: 'istanbul-final',
  title: 'Istanbul coverage-final',
  shape: 'json',
  sniff: (document) => {
    if (!isObject(document)) return false;
    const [first] = Object.values(document);
    return isObject(first) && isObject(first['statementMap']) && isObject(first['s']);
  },
  read: readFinal,
};

const hits = z.number().nonnegative();
const place = z.object({ start: z.object({ line: jsonLine }) });
const file = z.object({
  path: z.string().optional(),
  statementMap: z.record(z.string(), place),
  s: z.record(z.string(), hits),
  // The place of a branch or function is under one name or the other, by the age of the tool.
  branchMap: z.record(z.string(), z.object({ line: jsonLine.optional(), loc: place.optional() })),
  b: z.record(z.string(), z.array(hits)),
  fnMap: z.record(
    z.string(),
    z.object({ line: jsonLine.optional(), decl: place.optional(), loc: place.optional() }),
  ),
  f: z.record(z.string(), hits),
});
type IstanbulFile = z.infer<typeof file>;

function readFinal(document: unknown, sink: CoverageSink, report: ReportContext): number {
  if (!isObject(document)) return 0;
  const files = sink.begin(report, 'part');
  const section = createSection();
  for (const [path, value] of Object.entries(document)) {
    const read = parseEntry(file, value, path, report);
    const lost =
      putStatements(read, section) ?? putBranches(read, section) ?? putFunctions(read, section);
    if (lost !== undefined) {
      const key = `${path}.${lost}`;
      report.fail('report-contradictory', 'the counts do not belong to the map', { key });
    }
    files.add({ paths: [read.path ?? path] }, section.take());
  }
  return files.end();
}

/** A line is covered when a statement that begins there is. @returns what has a count and no place, or the reverse */
function putStatements({ statementMap, s }: IstanbulFile, section: Section): string | undefined {
  for (const [id, count] of Object.entries(s)) {
    const line = Object.hasOwn(statementMap, id) ? statementMap[id]?.start.line : undefined;
    if (line === undefined) return `s.${id}`;
    section.line(line, count > 0);
    section.count('statement', line, count > 0 ? 1 : 0, 1);
  }
  return Object.keys(statementMap).length === Object.keys(s).length ? undefined : 'statementMap';
}

function putBranches({ branchMap, b }: IstanbulFile, section: Section): string | undefined {
  for (const [id, counts] of Object.entries(b)) {
    const branch = branchMap[id];
    const line = branch?.line ?? branch?.loc?.start.line;
    if (line === undefined) return `b.${id}`;
    section.count('branch', line, counts.filter((count) => count > 0).length, counts.length);
  }
  return Object.keys(branchMap).length === Object.keys(b).length ? undefined : 'branchMap';
}

function putFunctions({ fnMap, f }: IstanbulFile, section: Section): string | undefined {
  for (const [id, count] of Object.entries(f)) {
    const named = fnMap[id];
    const line = named?.decl?.start.line ?? named?.line ?? named?.loc?.start.line;
    if (line === undefined) return `f.${id}`;
    section.count('function', line, count > 0 ? 1 : 0, 1);
  }
  return Object.keys(fnMap).length === Object.keys(f).length ? undefined : 'fnMap';
}
