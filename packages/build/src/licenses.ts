import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import * as z from 'zod';

/** A module of webpack's statistics; a concatenated one holds others. */
const moduleStats = z.looseObject({
  nameForCondition: z.string().nullish(),
  get modules() {
    return z.array(moduleStats).optional();
  },
});
type ModuleStats = z.infer<typeof moduleStats>;
const bundleStats = z.looseObject({ modules: z.array(moduleStats) });

const packageFile = z.looseObject({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
});

function modulePaths(modules: readonly ModuleStats[]): string[] {
  return modules.flatMap((module) => [
    ...(module.nameForCondition ? [module.nameForCondition] : []),
    ...modulePaths(module.modules ?? []),
  ]);
}

/** The directory of the package that a module belongs to; our own packages are not under node_modules. */
function packageDirectory(path: string): string | undefined {
  const marker = `${sep}node_modules${sep}`;
  const found = path.lastIndexOf(marker);
  if (found < 0) return undefined;
  const start = found + marker.length;
  const [scopeOrName = '', name = ''] = path.slice(start).split(sep);
  return join(
    path.slice(0, start),
    scopeOrName.startsWith('@') ? join(scopeOrName, name) : scopeOrName,
  );
}

function notice(directory: string): { key: string; text: string } {
  const parsed: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const { name, version, license } = packageFile.parse(parsed);
  const texts = readdirSync(directory)
    .filter((file) => /^(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i.test(file))
    .toSorted()
    .map((file) => readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim());
  const key = `${name}@${version}`;
  return { key, text: [`${key} (${license ?? 'no licence named'})`, ...texts].join('\n\n') };
}

/**
 * The licence texts of every third-party package in a bundle, sorted. ncc's own option writes one file per chunk and
 * keeps the last, so the list is made from the statistics.
 *
 * @param stats - webpack's `stats.toJson({ all: false, modules: true, nestedModules: true, ids: true })`
 */
export function renderLicenses(stats: unknown): string {
  const directories = new Set(
    modulePaths(bundleStats.parse(stats).modules)
      .flatMap((path) => packageDirectory(path) ?? [])
      .filter((directory) => existsSync(join(directory, 'package.json'))),
  );
  const notices = new Map([...directories].map(notice).map(({ key, text }) => [key, text]));
  const sorted = [...notices].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return `${sorted.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
