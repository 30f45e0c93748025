import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Artifact, ArtifactStore } from '../stand-ins/stand-in.ts';

/** Keeps the artifacts of a run as folders. */
export function createArtifactStore(directory: string): ArtifactStore {
  const artifacts = new Map<string, Artifact>();
  const taken = new Set<string>();
  return {
    list: () => [...artifacts.values()],
    async create(name, overwrite) {
      if (/["*/:<>?\\|\r\n]/.test(name) || name === '' || name === '.' || name === '..') {
        throw new Error(`The artifact name is not valid: '${name}'`);
      }
      if (taken.has(name) && !overwrite) {
        throw new Error(
          `Failed to CreateArtifact: (409) Conflict: an artifact with this name already exists on the workflow run: ${name}`,
        );
      }
      taken.add(name);
      const place = join(directory, name);
      await rm(place, { recursive: true, force: true });
      await mkdir(place, { recursive: true });
      return { directory: place };
    },
    async finish(name) {
      const place = join(directory, name);
      const artifact = { name, directory: place, files: await filesIn(place) };
      artifacts.set(name, artifact);
      return artifact;
    },
  };
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .toSorted();
}
