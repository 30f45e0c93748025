import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/**
 * Who may import whom (the house plan, section 3). Lint says the same while typing; this test reads the sources itself, so
 * that a change to the lint settings cannot loosen the house unseen.
 */
const mayImport: Record<string, readonly string[]> = {
  verdict: [],
  contract: ['verdict'],
  config: ['verdict'],
  gates: ['verdict', 'contract'],
  verify: ['verdict', 'contract'],
  delivery: ['verdict', 'verify', 'contract'],
  host: ['verdict'],
  runtime: ['verdict', 'contract'],
  github: ['verdict'],
  aws: ['verdict', 'delivery', 'host'],
  process: ['verdict'],
  workflows: ['contract'],
  engine: ['verdict'],
  emulators: [],
  build: ['contract', 'config', 'verdict', 'workflows', 'host'],
  release: ['verdict', 'contract', 'github', 'workflows'],
  cli: ['verdict', 'config', 'gates', 'process', 'engine', 'emulators', 'host'],
  testing: ['verdict', 'contract'],
};

/** The one room that may import each of these. */
const soleImporter: Record<string, string> = {
  '@actions/core': 'runtime',
  '@actions/github': 'github',
  '@actions/exec': 'process',
  '@aws-sdk/client-ssm': 'aws',
  '@aws-sdk/client-s3': 'aws',
  '@actions/workflow-parser': 'engine',
  '@actions/expressions': 'engine',
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = (directory: string): string[] =>
  readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(?:test|d)\.ts$|\btest-support\b/.test(name))
    .map((name) => join(directory, name));
const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(
      /(?:\bfrom|\bimport\s*\(|^import)\s*['"]([^'"]+)['"]/gm,
    ),
  ].map((match) => match[1] ?? '');

const rooms = readdirSync(join(root, 'packages'));
const actions = readdirSync(join(root, 'actions'));

describe('imports', () => {
  it('knows every room', () => {
    expect(rooms.filter((room) => mayImport[room] === undefined)).toEqual([]);
  });

  it.each(rooms)('packages/%s imports only rooms that it may', (room) => {
    const foreign = sources(`packages/${room}/src`).flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('@gatewright/'))
        .filter((name) => !mayImport[room]?.includes(name.slice('@gatewright/'.length)))
        .map((name) => `${file}: ${name}`),
    );
    expect(foreign).toEqual([]);
  });

  it.each(actions)('actions/%s imports packages by their index, and no other action', (action) => {
    const foreign = sources(`actions/${action}/src`).flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('@gatewright/'))
        .filter((name) => !rooms.includes(name.slice('@gatewright/'.length)))
        .map((name) => `${file}: ${name}`),
    );
    expect(foreign).toEqual([]);
  });

  it.each(Object.entries(soleImporter))('%s is imported by packages/%s only', (name, room) => {
    const importers = [...rooms.map((r) => `packages/${r}`), ...actions.map((a) => `actions/${a}`)]
      .filter((folder) => folder !== `packages/${room}`)
      .filter((folder) =>
        sources(`${folder}/src`).some((file) =>
          importsOf(file).some((found) => found === name || found.startsWith(`${name}/`)),
        ),
      );
    expect(importers).toEqual([]);
  });

  it('no file reaches outside its folder by a relative path', () => {
    const reaching = [...rooms.map((r) => `packages/${r}`), ...actions.map((a) => `actions/${a}`)]
      .flatMap((folder) => sources(`${folder}/src`).map((file) => ({ folder, file })))
      .filter(({ folder, file }) =>
        importsOf(file)
          .filter((name) => name.startsWith('.'))
          .some((name) => !join(file, '..', name).startsWith(join(folder, 'src'))),
      )
      .map(({ file }) => file);
    expect(reaching).toEqual([]);
  });
});
