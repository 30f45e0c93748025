import { parse } from 'smol-toml';
import * as z from 'zod';
import type { Project } from './project.ts';

const manifest = z.object({
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
});

/** package.json as far as a plan needs it; what is not as it should be counts as absent. */
export interface Manifest extends z.infer<typeof manifest> {
  /** The whole of it, by key. */
  readonly keys: ReadonlyMap<string, unknown>;
}

/** package.json; empty when there is none. */
export function manifestOf(project: Project): Manifest {
  const data = json(project.texts.get('package.json') ?? '{}');
  const read = manifest.safeParse(data);
  const keys = new Map(Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(data)));
  return { ...(read.success ? read.data : manifest.parse({})), keys };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Where package.json declares a dependency, such as `package.json: devDependencies.jest`. */
export function dependencyKey(project: Project, name: string): string | undefined {
  const { dependencies, devDependencies } = manifestOf(project);
  if (Object.hasOwn(devDependencies, name)) return `package.json: devDependencies.${name}`;
  return Object.hasOwn(dependencies, name) ? `package.json: dependencies.${name}` : undefined;
}

/** The first of the files that is there. */
export function anyFile(project: Project, names: readonly string[]): string | undefined {
  return names.find((name) => project.names.has(name));
}

/** The table of pyproject.toml, such as `pyproject.toml: tool.ruff`, if it is there. */
export function tomlTable(project: Project, ...path: readonly string[]): string | undefined {
  const text = project.texts.get('pyproject.toml');
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return undefined;
  }
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  return `pyproject.toml: ${path.join('.')}`;
}

/** The section of an INI file, such as `setup.cfg: [flake8]`, if it is there. */
export function iniSection(
  project: Project,
  files: readonly string[],
  section: string,
): string | undefined {
  for (const file of files) {
    const lines = project.texts.get(file)?.split(/\r?\n/) ?? [];
    if (lines.some((line) => line.trim() === `[${section}]`)) return `${file}: [${section}]`;
  }
  return undefined;
}

/** A text in which a name stands as a word of its own, such as a requirement. */
export function mentions(
  project: Project,
  files: Iterable<string>,
  name: string,
): string | undefined {
  const word = new RegExp(`(?<![\\w.-])${name}(?![\\w.-]*\\w)`, 'i');
  for (const file of files) {
    if (word.test(project.texts.get(file) ?? '')) return `${file}: ${name}`;
  }
  return undefined;
}

/** Files that declare what a Python project needs. */
export function pythonManifests(project: Project): string[] {
  return [...project.texts.keys()].filter((name) =>
    /^(?:pyproject\.toml|setup\.cfg|setup\.py|tox\.ini|Pipfile|[\w.-]*requirements[\w.-]*\.(?:txt|in))$/.test(
      name,
    ),
  );
}

/**
 * The words of an npm script that needs no shell; undefined when it has anything that a shell would have to read.
 */
export function plainWords(script: string): readonly string[] | undefined {
  const words = script.trim().split(/\s+/);
  return words.every((word) => /^[\w@%+:,./=*-]+$/.test(word)) && !/^\w+=/.test(words[0] ?? '')
    ? words
    : undefined;
}
