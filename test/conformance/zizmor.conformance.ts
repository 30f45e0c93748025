import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';

// zizmor, in its strictest mode and without network, over everything that runs on GitHub. It is named by
// GATEWRIGHT_ZIZMOR, or installed from PyPI into a directory of its own with GATEWRIGHT_CONFORMANCE=1.
const pinned = 'zizmor==1.32.0';
const root = join(import.meta.dirname, '../..');
const path = process.env['PATH'] ?? '';
let directory = '';
let zizmor = '';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, words: string[]): Promise<Ran> {
  const env = { PATH: path, HOME: directory };
  return new Promise((resolve) => {
    execFile(file, words, { env, cwd: root, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

async function findZizmor(): Promise<string> {
  const named = process.env['GATEWRIGHT_ZIZMOR'];
  if (named !== undefined && named !== '') return named;
  if (process.env['GATEWRIGHT_CONFORMANCE'] !== '1') {
    throw new Error('Set GATEWRIGHT_ZIZMOR to a zizmor command, or GATEWRIGHT_CONFORMANCE=1.');
  }
  const venv = join(directory, 'venv');
  for (const [file = '', ...words] of [
    ['python3', '-m', 'venv', venv],
    [join(venv, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', pinned],
  ]) {
    const { code, stderr } = await run(file, words);
    if (code !== 0) throw new Error(`Cannot install ${pinned}: ${stderr}`);
  }
  return join(venv, 'bin/zizmor');
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-zizmor-'));
  zizmor = await findZizmor();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const strict = ['--offline', '--no-progress', '--persona', 'pedantic', '--format', 'json-v1'];
const finding = z.object({
  ident: z.string(),
  ignored: z.boolean(),
  locations: z.array(z.object({ symbolic: z.unknown() })),
});

async function findings(...words: string[]) {
  const { stdout, stderr } = await run(zizmor, [...strict, ...words]);
  if (stdout === '') throw new Error(stderr);
  return z.array(finding).parse(JSON.parse(stdout));
}

describe('zizmor', () => {
  it('finds nothing that is not ignored with a reason', async () => {
    const found = await findings('.github', 'actions');
    expect(found.filter(({ ignored }) => !ignored)).toEqual([]);
  });

  it('is told to ignore only what it would find', async () => {
    const text = await readFile(join(root, '.github/zizmor.yml'), 'utf8');
    const { rules } = z
      .object({ rules: z.record(z.string(), z.object({ ignore: z.array(z.string()) })) })
      .parse(parse(text));
    const found = await findings('--no-config', '.github');
    for (const [rule, { ignore }] of Object.entries(rules)) {
      const places = JSON.stringify(found.filter(({ ident }) => ident === rule));
      expect(ignore.filter((file) => !places.includes(`/${file}`))).toEqual([]);
    }
    expect([...new Set(found.map(({ ident }) => ident))].toSorted()).toEqual(
      Object.keys(rules).toSorted(),
    );
    // Each ignored file has its reason above it.
    expect(text).toMatch(/ignore:\n\s+# \S/);
  });
});
