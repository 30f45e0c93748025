import { constants } from 'node:fs';
import { access, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TreeRoots } from '../../report/tree-path.ts';
import type { FoundProgram, Project } from './project.ts';

const programs = [
  'ruff',
  'flake8',
  'mypy',
  'eslint',
  'biome',
  'tsc',
  'pytest',
  'coverage',
  'jest',
  'vitest',
  'node',
  'pip-audit',
  'npm',
  'pnpm',
  'yarn',
  'osv-scanner',
];
/** What the project does not bring, but the machine. */
const ofMachine = new Set(['node', 'npm', 'pnpm', 'yarn', 'osv-scanner']);

const packages = [
  'eslint',
  '@biomejs/biome',
  'typescript',
  'jest',
  'jest-junit',
  'vitest',
  '@vitest/coverage-v8',
  '@vitest/coverage-istanbul',
];

const readable =
  /^(?:package\.json|tsconfig\.json|pyproject\.toml|setup\.(?:cfg|py)|tox\.ini|\.flake8|\.?mypy\.ini|Pipfile|yarn\.lock|[\w.-]*requirements[\w.-]*\.(?:txt|in))$/;
const mostBytes = 1024 * 1024;

/**
 * Looks at what a plan is made from. Programs are those of the project: in `node_modules/.bin` from the directory up to the
 * root of the repository, in a virtual environment, else on the PATH.
 */
export async function readProject(
  roots: TreeRoots,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Project> {
  const names = new Set(await readdir(roots.base));
  const texts = new Map<string, string>();
  for (const name of [...names].filter((candidate) => readable.test(candidate)).toSorted()) {
    const text = await readHead(join(roots.base, name));
    if (text !== undefined) texts.set(name, text);
  }
  const places = directories(roots);
  const virtual = [
    ...(env['VIRTUAL_ENV'] ? [env['VIRTUAL_ENV']] : []),
    ...places.flatMap((place) => [join(place, '.venv'), join(place, 'venv')]),
  ];
  const own = [
    ...places.map((place) => join(place, 'node_modules/.bin')),
    ...virtual.map((place) => join(place, 'bin')),
  ];
  const onPath = (env['PATH'] ?? '').split(':').filter((place) => place.startsWith('/'));
  const found = new Map<string, FoundProgram>();
  for (const name of programs) {
    const order = ofMachine.has(name) ? onPath : [...own, ...onPath];
    const path = await firstProgram(order.map((place) => join(place, name)));
    if (path !== undefined) found.set(name, { path });
  }
  return { names, texts, programs: found, packages: await readVersions(places) };
}

/** The directory and those above it, up to the root. */
function directories({ base, root }: TreeRoots): string[] {
  const places = [base];
  for (let place = base; place !== root && place !== dirname(place); place = dirname(place)) {
    places.push(dirname(place));
  }
  return places;
}

async function firstProgram(candidates: readonly string[]): Promise<string | undefined> {
  for (const path of candidates) {
    try {
      if (!(await stat(path)).isFile()) continue;
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

async function readVersions(places: readonly string[]): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const name of packages) {
    for (const place of places) {
      const text = await readHead(join(place, 'node_modules', name, 'package.json'));
      const version = /"version"\s*:\s*"([\w.+-]{1,64})"/.exec(text ?? '')?.[1];
      if (version === undefined) continue;
      versions.set(name, version);
      break;
    }
  }
  return versions;
}

/** Up to a limit: settings are small, and of a lockfile the head says what it is. */
async function readHead(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return undefined;
      const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
