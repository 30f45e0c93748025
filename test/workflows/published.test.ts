import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serving } from '../acceptance/harness-hosts.ts';
import { publishThisTree } from './harness-published.ts';
import type { PublishedVersion } from './harness-published.ts';
import { conclusions, verdictOf } from './harness-run.ts';
import type { Attempt } from './harness-run.ts';
import { environment, startStage } from './harness-stage.ts';
import type { Stage } from './harness-stage.ts';

/** Somebody in another repository pins the version by its commit, and nothing of this checkout is there. */
let scratch: string;
let version: PublishedVersion;
let stage: Stage;
let attempt: Attempt;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'gatewright-published-'));
  version = await publishThisTree(scratch);
  stage = await startStage(async (tree) => {
    const place = join(tree, '.github/workflows/deploy.yml');
    const text = await readFile(place, 'utf8');
    await writeFile(place, text.replaceAll(/@v1$/gmu, `@${version.sha} # v1.0.0`));
  });
  attempt = await stage.run({
    workflow: 'deploy',
    inputs: { environment, release: '1.0.0' },
    published: { ref: version.sha, sha: version.sha, directory: version.directory },
  });
}, 240_000);
afterAll(async () => {
  await stage.stop();
  await rm(scratch, { recursive: true, force: true });
});

describe('the published version of this repository', () => {
  it('agrees with itself: tag, release, statement and bytes', () => {
    expect(version.problems).toEqual([]);
  });

  it('has the bundles, and nothing that was built beside them', () => {
    expect(existsSync(join(version.directory, 'actions/deploy-ssm/dist/index.js'))).toBe(true);
    expect(existsSync(join(version.directory, 'packages/delivery/lib'))).toBe(false);
    expect(existsSync(join(version.directory, 'node_modules'))).toBe(false);
  });

  it('says in its notes how to pin it', () => {
    expect(version.notes).toMatch(
      new RegExp(`uses: OWNER/gatewright/\\S+\\.yml@${version.sha} # v1\\.0\\.0\n`),
    );
  });

  it('deploys from the clone alone, for a caller in another repository', async () => {
    expect(conclusions(attempt)).toMatchObject({ deploy: 'success', evidence: 'success' });
    expect(verdictOf(attempt)).toBe('pass delivered');
    expect(await stage.look()).toEqual({
      'staging-1': serving('1.0.0'),
      'staging-2': serving('1.0.0'),
      'staging-3': serving('1.0.0'),
    });
  });
});
