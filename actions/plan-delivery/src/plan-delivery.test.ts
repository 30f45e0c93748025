import { describe, expect, it } from '@jest/globals';
import { loadPolicy, loadReleaseManifest } from '@gatewright/config';
import type { InputsOf, RunContext } from '@gatewright/contract';
import { fakeContext } from '@gatewright/testing';
import { AccessError, InternalError } from '@gatewright/verdict';
import * as fc from 'fast-check';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durationText } from './brief.ts';
import { codeSpan } from './code-span.ts';
import type { contract } from './contract.ts';
import { hashFile } from './hash-file.ts';
import { run } from './run.ts';
import type { Deps } from './run.ts';

const facts = fakeContext().run;
const base = '0'.repeat(39) + 'a';
const digest = 'd'.repeat(64);
const policyFile = join(
  import.meta.dirname,
  '../../../test/consumer/.github/gatewright/policy.yml',
);

const manifest = (change: object = {}) =>
  JSON.stringify({
    schema: 'gatewright.release/1',
    app: 'orders',
    version: '1.1.0',
    commit: facts.sha,
    digest,
    bytes: 4096,
    port: 8080,
    verify: {
      release: { kind: 'json-path', path: '/healthz', jsonPath: '$.release' },
      deadlineSeconds: 30,
      consecutiveSuccesses: 3,
      intervalSeconds: 0.2,
      requestTimeoutSeconds: 5,
      failuresToFail: 3,
      checks: [
        {
          name: 'orders',
          method: 'GET',
          path: '/orders',
          expect: {
            status: 200,
            headers: { 'content-type': 'application/json' },
            json: [{ kind: 'equals', path: '$.items[0].id', equals: 1 }],
            latencyMs: 2000,
          },
        },
      ],
    },
    rollback: { mode: 'safe' },
    ...change,
  });

const inputs = (change: Partial<InputsOf<typeof contract>> = {}): InputsOf<typeof contract> => ({
  environment: 'production',
  policyPath: 'policy.yml',
  manifestPath: 'manifest.json',
  artifactPath: undefined,
  githubToken: 'not-shown',
  ...change,
});

const commit = (subject: string, author = 'ada-orders') => ({ sha: facts.sha, subject, author });

interface World {
  readonly run?: Partial<RunContext>;
  readonly manifest?: object;
  readonly github?: Partial<Deps['github']>;
}

function deps(world: World = {}): Deps {
  return {
    run: { ...facts, ...world.run },
    readPolicy: async () => loadPolicy(await readFile(policyFile, 'utf8'), 'policy.yml'),
    readManifest: async (path) => loadReleaseManifest(manifest(world.manifest), path),
    hashFile: async () => digest,
    github: {
      lastSuccessfulDeployment: async () => ({ sha: base, id: 7, at: '2025-10-06T09:00:00Z' }),
      compareCommits: async () => ({
        status: 'ahead',
        commits: [commit('feat: show the total of each order')],
        total: 1,
        behind: 0,
        truncated: false,
      }),
      ...world.github,
    },
  };
}

const refusal = new AccessError('access-denied', 'GitHub refused the list of deployments.', {
  remedy: 'Grant "deployments: read".',
});
const refuse = async () => {
  throw refusal;
};

const breakDown = async () => {
  throw new InternalError('a defect');
};

describe('the brief', () => {
  it('tells what changes, the plan, the checks, the way back and the unknowns', async () => {
    const outcome = await run(inputs(), deps());
    expect(outcome).toMatchObject({
      verdict: 'pass',
      reasonCode: 'planned',
      outputs: {
        digest,
        release: '1.1.0',
        plan: expect.stringContaining('6 hosts at least, in 3 waves (rolling, 2 at a time)'),
      },
    });
    for (const text of [
      '## Approve `orders` `1.1.0` for `production`?',
      `| [\`1f3c9a2\`](https://github.com/octo/sample/commit/${facts.sha}) | \`ada-orders\` | \`feat: show the total of each order\` |`,
      '| 3 | 2 | ',
      'Approval: one of user `octo-reviewer`. Not the one who started the run. Only from `main`.',
      '| `orders` | `GET /orders` | `status 200, content-type contains "application/json", $.items[0].id is 1, within 2000 ms` |',
      `built from [\`0000000\`](https://github.com/octo/sample/commit/${base})`,
      '- **Which hosts are online:** asked after the approval.',
      `echo '${digest}  release.tar.gz' | sha256sum --check`,
      `git log --oneline ${base}..${facts.sha}`,
    ]) {
      expect(outcome.summary).toContain(text);
    }
  });

  it('fits one page for an ordinary delivery', async () => {
    const { summary } = await run(inputs(), deps());
    expect(summary.split('\n').length).toBeLessThan(80);
  });

  it('says of a first deployment that there is nothing to go back to', async () => {
    const github = { lastSuccessfulDeployment: async () => undefined };
    const { summary } = await run(inputs({ environment: 'staging' }), deps({ github }));
    expect(summary).toContain('everything is new');
    expect(summary).toContain('there is nothing to go back to');
    expect(summary).toContain('Strategy: all at once.');
  });

  it('flags a forward-only release', async () => {
    const world = { manifest: { rollback: { mode: 'forward-only' } } };
    expect((await run(inputs(), deps(world))).summary).toContain('**There is none:**');
  });

  it('says when the release steps back, is the same, or more changed than is shown', async () => {
    const compared = { commits: [], total: 0, behind: 0, truncated: false };
    const summaryOf = async (change: object) => {
      const answer = { status: 'behind' as const, ...compared, ...change };
      const github = { compareCommits: async () => answer };
      return (await run(inputs(), deps({ github }))).summary;
    };
    expect(await summaryOf({ behind: 2 })).toContain('**A step back:** 2 commits');
    expect(await summaryOf({ status: 'identical' })).toContain('deployed already');
    const commits = Array.from({ length: 40 }, (_, index) => commit(`change ${index}`));
    const many = await summaryOf({ status: 'ahead', commits, total: 900, truncated: true });
    expect(many).toContain('`change 39`');
    expect(many).not.toContain('`change 9`');
    expect(many).toContain('and 870 older commits, not listed.');
  });
});

describe('what cannot be learnt', () => {
  it('stands under the unknowns when GitHub refuses the deployments', async () => {
    const outcome = await run(inputs(), deps({ github: { lastSuccessfulDeployment: refuse } }));
    expect(outcome.verdict).toBe('pass');
    expect(outcome.summary).toContain('**Not known:** GitHub did not say what is deployed now');
    expect(outcome.summary).toContain('Which release that is, is not known here.');
    expect(outcome.summary).toContain(
      '`GitHub refused the list of deployments. Grant "deployments: read".`',
    );
    expect(outcome.record).toMatchObject({ deployed: { kind: 'unreadable' }, changes: null });
  });

  it('stands under the unknowns when GitHub refuses the comparison', async () => {
    const { summary } = await run(inputs(), deps({ github: { compareCommits: refuse } }));
    expect(summary).toContain('**Not known:** the commits since then');
    expect(summary).toContain('- **What changes:** GitHub did not tell. `GitHub refused');
  });

  it('stands there when the release is of another commit or nothing can be probed', async () => {
    const { summary } = await run(inputs(), deps({ manifest: { commit: 'b'.repeat(40) } }));
    expect(summary).toContain('another commit than that of this run');
    expect(summary).toContain('Whether the artifact has this digest');
    const compared = await run(inputs({ artifactPath: 'release.tar.gz' }), deps());
    expect(compared.summary).not.toContain('Whether the artifact has this digest');
  });

  it('does not take a defect for something unreadable', async () => {
    const world = { github: { compareCommits: breakDown } };
    await expect(run(inputs(), deps(world))).rejects.toThrow('a defect');
  });
});

describe('what is refused', () => {
  it('an environment that the policy does not declare', async () => {
    const wrong = inputs({ environment: 'prod' });
    await expect(run(wrong, deps())).rejects.toMatchObject({
      reasonCode: 'environment-undeclared',
    });
  });

  it('an artifact with other bytes than the manifest says, and gives no digest to approve', async () => {
    const outcome = await run(inputs({ artifactPath: 'release.tar.gz' }), {
      ...deps(),
      hashFile: async () => 'e'.repeat(64),
    });
    expect(outcome).toMatchObject({
      verdict: 'fail',
      reasonCode: 'digest-mismatch',
      outputs: { digest: '', release: '', plan: '' },
    });
  });

  it('a run that may carry code from a fork', async () => {
    const outcome = await run(inputs(), deps({ run: { isFork: true } }));
    expect(outcome).toMatchObject({ verdict: 'fail', reasonCode: 'untrusted-context' });
  });

  it('an artifact that is not there', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gatewright-plan-'));
    try {
      await writeFile(join(directory, 'release.tar.gz'), 'abc');
      expect(await hashFile(join(directory, 'release.tar.gz'))).toMatch(/^ba7816bf/);
      await expect(hashFile(join(directory, 'none'))).rejects.toMatchObject({
        reasonCode: 'artifact-missing',
      });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe('texts that somebody else wrote', () => {
  it('become code that cannot end early, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('`', '|', '\\', '\n', '<', '@', 'a', ' ') }),
        (text) => {
          const span = codeSpan(text);
          if (span === '') return;
          const fence = /^`+/.exec(span)?.[0] ?? '';
          expect(span).not.toMatch(/\n/);
          expect(span.endsWith(fence)).toBe(true);
          const inner = span.slice(fence.length, -fence.length);
          // No run of as many backticks inside, and no pipe that would end a table cell.
          expect((inner.match(/`+/g) ?? []).every((run_) => run_.length < fence.length)).toBe(true);
          expect(inner).not.toMatch(/(?<!\\)\|/);
        },
      ),
    );
  });

  it('give each commit one row, and no mention, markup or reference', async () => {
    const hostile = commit('x` | <img src=x> | @ops #1 [a](http://b)\n\n# title', '@team|<b>');
    const comparison = {
      status: 'ahead' as const,
      commits: [hostile],
      total: 1,
      behind: 0,
      truncated: false,
    };
    const github = { compareCommits: async () => comparison };
    const { summary } = await run(inputs(), deps({ github }));
    const row = summary.split('\n').find((line) => line.includes('@ops')) ?? '';
    expect(row).toContain(
      String.raw`| ${'`'}@team\|<b>${'`'} | ${'``'} x${'`'} \| <img src=x> \| @ops #1 [a](http://b) # title ${'``'} |`,
    );
    expect(row.split(/(?<!\\)\|/)).toHaveLength(5);
  });
});

describe('durationText', () => {
  it('is exact enough to plan with', () => {
    expect([0, 45, 90, 3600, 3720, 7325].map(durationText)).toEqual([
      '0 s',
      '45 s',
      '1 min 30 s',
      '1 h',
      '1 h 2 min',
      '2 h 2 min',
    ]);
  });
});
