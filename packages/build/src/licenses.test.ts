import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { renderLicenses } from './licenses.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatewright-licenses-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function putPackage(folder: string, name: string, license?: string): Promise<string> {
  const directory = join(root, 'node_modules', folder);
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', license }),
  );
  await writeFile(join(directory, 'LICENSE.md'), `Text of ${name}\r\n`);
  return join(directory, 'lib', 'index.js');
}

it('lists every package of a bundle once, also those in concatenated modules and chunks, sorted', async () => {
  const zeta = await putPackage('zeta', 'zeta', 'MIT');
  const scoped = await putPackage('@scope/pack', '@scope/pack', 'Apache-2.0');
  const nested = await putPackage('zeta/node_modules/inner', 'inner');
  const own = join(root, 'packages', 'verdict', 'lib', 'index.js');
  const modules = [
    {
      nameForCondition: own,
      modules: [{ nameForCondition: zeta }, { nameForCondition: own }],
    },
    { nameForCondition: null },
    {},
    { nameForCondition: nested },
    { nameForCondition: scoped },
    { nameForCondition: zeta },
  ];
  const text = renderLicenses({ modules });
  expect(text.match(/^\S+@1\.0\.0 .*$/gm)).toEqual([
    '@scope/pack@1.0.0 (Apache-2.0)',
    'inner@1.0.0 (no licence named)',
    'zeta@1.0.0 (MIT)',
  ]);
  expect(text).toContain('Text of zeta\n');
  expect(text).not.toContain('\r');
});
