import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cloneTree, root } from './clone.ts';
import type { Clone } from './clone.ts';

/**
 * The demo must fail when a part that it claims to exercise is broken. Each test breaks one part of a copy of the built
 * tree and demands that the demo notices, and that it says where.
 */
describe('the demo is real', () => {
  let clone: Clone;
  beforeAll(() => {
    clone = cloneTree();
  });
  // A delivery that cannot succeed need not wait long for it.
  beforeEach(() =>
    clone.replace('test/consumer/gatewright.yml', 'deadline-seconds: 30', 'deadline-seconds: 5'),
  );
  afterEach(() => clone.restore());
  afterAll(() => clone.remove());

  it('fails when the host program does not switch', async () => {
    // The demo installs the document that the package has; the actions demand the one that their bundles have.
    const bundles = ['actions/deploy-ssm', 'actions/rollback-ssm'].flatMap(documentsIn);
    const files = ['packages/host/lib/generated-document.js', ...bundles];
    for (const file of files) clone.replace(file, /mv -T (?=\S*\.current-next)/, ': ');
    const { exitCode, stdout } = await clone.demo('--scenario', 'first-deploy');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/expected 1\.0\.0, saw nothing/);
    expect(stdout).toContain('current could not be switched');
  });

  it('fails when a smoke check expects something else', async () => {
    clone.replace(
      'test/consumer/gatewright.yml',
      /(path: \/orders\n\s+expect:\n\s+status: )200/,
      '$1201',
    );
    const { exitCode, stdout } = await clone.demo('--scenario', 'first-deploy');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('reason code: expected delivered, saw smoke-failed');
    expect(stdout).toMatch(/orders.*201/);
  });

  it('fails when the deploy workflow is gone', async () => {
    clone.removeFile('.github/workflows/deploy.yml');
    const { exitCode, stdout, stderr } = await clone.demo('--scenario', 'first-deploy');
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toMatch(/\.github\/workflows\/deploy\.yml/);
  });

  it.each([
    ['test-gate', 'failed step: gates / verdict'],
    ['require-gates', 'no result of require-gates'],
    ['package-release', 'gatewright-release'],
    ['protect-environment', 'failed step: deploy / deploy: Assume the deploy role'],
    ['deploy-ssm', 'failed step: deploy / deploy: Smoke test'],
    ['smoke-test', 'no result of smoke-test'],
    ['record-evidence', 'failed step: deploy / evidence'],
  ])('fails when the bundle of %s is an empty file', async (action, place) => {
    clone.empty(`actions/${action}/dist/index.js`);
    const { exitCode, stdout } = await clone.demo('--scenario', 'first-deploy');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(place);
  });
});

/** The files of a bundle that hold the host program. */
function documentsIn(action: string): string[] {
  const files = readdirSync(join(root, action, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(action, 'dist', name))
    .filter((path) => readFileSync(join(root, path), 'utf8').includes('.current-next'));
  if (files.length === 0) throw new Error(`no bundle of ${action} holds the host program`);
  return files;
}
