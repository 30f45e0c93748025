import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { environmentPolicy, loadPolicy } from '@gatewright/config';
import type { ActionContract } from '@gatewright/contract';
import { checkWorkflow } from '@gatewright/workflows';
import { parse } from 'yaml';
import * as z from 'zod';
import {
  actions,
  complaintsOfGitHub,
  jobsOf,
  root,
  sumOfPermissions,
  textOf,
} from './harness-callers.ts';

const own = readdirSync(join(root, '.github/workflows'))
  .filter((name) => name.startsWith('repo-'))
  .map((name) => `.github/workflows/${name}`);
const contracts: ActionContract[] = [];

beforeAll(async () => {
  for (const action of actions) {
    const { contract } = await import(`../../actions/${action}/src/contract.ts`);
    contracts.push(contract);
  }
});

describe.each(own)('%s', (path) => {
  it('is accepted by GitHub’s parser', async () => {
    // Its parser resolves `./…` and not yet `$/…`; both name a file of this repository at this commit.
    const text = textOf(path)
      .replaceAll('uses: $/', 'uses: OWNER/gatewright/')
      .replaceAll(/(uses: OWNER\/gatewright\/\S+)/g, '$1@v1');
    expect(await complaintsOfGitHub({ place: path, text })).toEqual([]);
  });

  it('keeps every rule of the house', () => {
    expect(checkWorkflow(textOf(path), contracts)).toEqual([]);
  });

  it('reads no cache, which others may have written', () => {
    const uses = textOf(path)
      .split('\n')
      .filter((line) => line.includes('actions/setup-node@'));
    const off = textOf(path).match(/package-manager-cache: false/g) ?? [];
    expect(textOf(path)).not.toMatch(/actions\/cache|cache: npm/);
    expect(off).toHaveLength(uses.length);
  });
});

describe('the workflows of this repository', () => {
  it('grant a product workflow exactly what its jobs need', () => {
    const jobs = Object.values(jobsOf(textOf('.github/workflows/repo-e2e.yml')));
    const called = jobs.filter(({ uses }) => uses?.startsWith('$/'));
    expect(called).toHaveLength(2);
    for (const { uses = '', permissions } of called) {
      expect(permissions).toEqual(sumOfPermissions(textOf(uses.slice(2))));
    }
  });

  it('let only an environment that reviewers guard write tags and releases', () => {
    const schema = z.object({
      jobs: z.record(
        z.string(),
        z.object({
          environment: z.string().optional(),
          permissions: z.record(z.string(), z.string()),
        }),
      ),
    });
    const writers = own.flatMap((path) =>
      Object.entries(schema.parse(parse(textOf(path))).jobs)
        .filter(([, { permissions }]) => permissions['contents'] === 'write')
        .map(([id, { environment }]) => `${path} ${id} ${environment ?? '-'}`),
    );
    expect(writers).toEqual([
      '.github/workflows/repo-candidate.yml candidate -',
      '.github/workflows/repo-release.yml publish release',
    ]);
  });

  it('run on a policy that can be read', () => {
    const place = '.github/gatewright/policy.yml';
    const policy = environmentPolicy(loadPolicy(textOf(place), place), 'e2e');
    expect(policy.protection).toMatchObject({
      branches: { kind: 'patterns', patterns: ['candidate'] },
    });
  });

  it('update what they use a week after it was published', () => {
    const { updates } = z
      .object({
        updates: z.array(z.object({ cooldown: z.object({ 'default-days': z.number() }) })),
      })
      .parse(parse(textOf('.github/dependabot.yml')));
    expect(updates).toHaveLength(2);
    for (const { cooldown } of updates) expect(cooldown['default-days']).toBeGreaterThanOrEqual(7);
  });
});
