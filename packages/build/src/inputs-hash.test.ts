import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inputsHash, isFresh, stampFile } from './inputs-hash.ts';

let root: string;
async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

async function project(): Promise<string> {
  root = await mkdtemp(join(tmpdir(), 'gatewright-hash-'));
  await put('actions/a/package.json', '{"dependencies":{"@gatewright/near":"1","zod":"4"}}');
  await put('actions/a/lib/main.js', 'a');
  await put('packages/near/package.json', '{"dependencies":{"@gatewright/far":"1"}}');
  await put('packages/near/lib/index.js', 'near');
  await put('packages/far/package.json', '{"dependencies":{"@gatewright/near":"1"}}');
  await put('packages/far/lib/index.js', 'far');
  await put('packages/apart/package.json', '{}');
  await put('packages/apart/lib/index.js', 'apart');
  await put('package-lock.json', '{}');
  return root;
}

beforeEach(project);
afterEach(() => rm(root, { recursive: true, force: true }));

describe('inputsHash', () => {
  it.each([
    ['its own code', 'actions/a/lib/main.js', true],
    ['a package that it needs', 'packages/near/lib/index.js', true],
    ['a package that this one needs', 'packages/far/lib/deep/new.js', true],
    ['the lockfile', 'package-lock.json', true],
    ['the build tool', 'packages/build/lib/bundle.js', true],
    ['what stands in for a module', 'packages/build/stand-ins/undici.cjs', true],
    ['a package that it does not need', 'packages/apart/lib/index.js', false],
    ['declarations', 'packages/near/lib/index.d.ts', false],
    ['its bundle', 'actions/a/dist/index.js', false],
  ])('follows %s: %s %s', async (_, path, follows) => {
    const before = inputsHash(root, 'a');
    await put(path, 'changed');
    expect(inputsHash(root, 'a') !== before).toBe(follows);
  });

  it('does not depend on where the project stands', async () => {
    const first = root;
    const here = inputsHash(root, 'a');
    const second = await project();
    expect(second).not.toBe(first);
    expect(inputsHash(second, 'a')).toBe(here);
    await rm(first, { recursive: true });
  });
});

describe('isFresh', () => {
  it('holds from the stamp to the next change of an input', async () => {
    expect(isFresh(root, 'a')).toBe(false);
    await put('actions/a/dist/index.js', 'bundle');
    await put(`actions/a/dist/${stampFile}`, `${inputsHash(root, 'a')}\n`);
    expect(isFresh(root, 'a')).toBe(true);
    await put('actions/a/lib/main.js', 'other');
    expect(isFresh(root, 'a')).toBe(false);
  });
});
