import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActionContract } from '@gatewright/contract';
import { builtInStandIns, findNode24, runWorkflow } from '@gatewright/engine';
import type { Platform, WorkflowRun } from '@gatewright/engine';
import { checkWorkflow } from '@gatewright/workflows';
import { parse } from 'yaml';
import * as z from 'zod';
import {
  actions,
  asWorkflow,
  callersIn,
  calledWorkflow,
  callProblems,
  complaintsOfGitHub,
  jobsOf,
  pages,
  products,
  root,
  sumOfPermissions,
  textOf,
} from './harness-callers.ts';
import type { Caller } from './harness-callers.ts';

const contracts: ActionContract[] = [];
let directory: string;

beforeAll(async () => {
  for (const action of actions) {
    const { contract } = await import(`../../actions/${action}/src/contract.ts`);
    contracts.push(contract);
  }
  directory = await mkdtemp(join(tmpdir(), 'gatewright-static-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const fileAt = (path: string): Caller => ({ place: path, text: textOf(path) });
const productFiles = products.flatMap((name) => [
  `.github/workflows/${name}.yml`,
  `workflows/${name}/workflow.yml`,
]);
const shown = pages().flatMap((path) => callersIn(path));
/** Whole workflows that somebody can copy and start. */
const callers: readonly Caller[] = [
  ...products.map((name) => fileAt(`workflows/${name}/example.yml`)),
  ...products.map((name) => fileAt(`test/consumer/.github/workflows/${name}.yml`)),
  ...shown.filter(({ text }) => /^jobs:/mu.test(text)),
];
const parts = shown.filter(({ text }) => !/^jobs:/mu.test(text));

describe.each(productFiles)('%s', (path) => {
  it('is accepted by GitHub’s parser', async () => {
    expect(await complaintsOfGitHub(fileAt(path))).toEqual([]);
  });

  it('keeps every rule of the house', () => {
    expect(checkWorkflow(textOf(path), contracts)).toEqual([]);
  });
});

describe('the pages', () => {
  it('show the caller in the README and at least one use of each action', () => {
    const places = shown.map(({ place }) => place.replace(/:\d+$/u, ''));
    expect(places.filter((place) => place === 'README.md')).toHaveLength(1);
    expect(actions.filter((name) => !places.includes(`actions/${name}/README.md`))).toEqual([]);
  });

  it.each(products)(
    'show the same caller of %s as the example and the sample application',
    (name) => {
      const [example = '', ...others] = [
        textOf(`workflows/${name}/example.yml`),
        textOf(`test/consumer/.github/workflows/${name}.yml`),
        ...shown.map(({ text }) => text).filter((text) => text.startsWith(`name: ${name}\n`)),
      ].map((text) => withoutComments(text).replace(/, lint-command: '[^']*'/gu, ''));
      // The sample application has a linter of its own, and has to name it.
      expect(others).toHaveLength(name === 'deploy' ? 2 : 1);
      for (const other of others) expect(other).toBe(example);
    },
  );
});

describe.each(callers)('the caller at $place', (caller) => {
  it('is accepted by GitHub’s parser, with what it calls', async () => {
    expect(await complaintsOfGitHub(caller)).toEqual([]);
  });

  it('gives every input its type, the required ones included', () => {
    expect(callProblems(caller)).toEqual([]);
  });

  it('grants exactly what the called jobs need', () => {
    for (const { uses = '', permissions } of Object.values(jobsOf(caller.text))) {
      expect(permissions).toEqual(sumOfPermissions(textOf(calledWorkflow(uses) ?? '')));
    }
  });

  it('is started by the engine', async () => {
    const run = await start(caller.text);
    expect(run.annotations).toEqual([]);
    expect(run.jobs.map(({ id }) => id)).toContainEqual(
      expect.stringMatching(/\/(?:evidence|verdict)$/u),
    );
  });
});

describe.each(products)('the page of workflow %s', (name) => {
  it('states the permissions that its jobs need', () => {
    const rows = textOf(`workflows/${name}/README.md`).matchAll(/^\| `([\w-]+): (\w+)`\s*\|/gmu);
    const stated = Object.fromEntries(
      [...rows].map(([, scope = '', level = '']) => [scope, level]),
    );
    expect(stated).toEqual(sumOfPermissions(textOf(`workflows/${name}/workflow.yml`)));
  });
});

/** What counts for a part of a workflow: whether it uses our actions as their contracts say. */
const rulesOfParts = ['syntax', 'pinned-uses', 'own-actions', 'run-expression'];
const usesOfParts = ['persist-credentials', 'action-inputs', 'action-outputs'];

describe.each(parts)('the part of a workflow at $place', (part) => {
  it('is accepted by GitHub’s parser', async () => {
    expect(await complaintsOfGitHub({ ...part, text: asWorkflow(part) })).toEqual([]);
  });

  it('uses our actions as their contracts say', () => {
    expect(findingsIn(part)).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*#.*\n|\s+#.*$/gmu, '');
}

function findingsIn(part: Caller): string[] {
  const text = asWorkflow(part).replaceAll(/OWNER\/gatewright\/(actions\/[\w-]+)@v1$/gmu, '$/$1');
  // Steps alone do not say what their job grants.
  const rules = [...rulesOfParts, ...usesOfParts];
  if (/^\s*permissions:/mu.test(part.text)) rules.push('action-permissions');
  return checkWorkflow(text, contracts)
    .filter(({ rule }) => rules.includes(rule))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

describe('these tests', () => {
  const example = textOf('workflows/deploy/example.yml');
  const changed = (from: string, to: string): Caller => {
    expect(example).toContain(from);
    return { place: 'x.yml', text: example.replace(from, () => to) };
  };

  it('notice an input that does not exist', async () => {
    const caller = changed('      release: ${{', '      version: 1\n      release: ${{');
    expect((await complaintsOfGitHub(caller)).join()).toContain('version');
    expect(callProblems(caller)).toEqual([
      'x.yml: .github/workflows/deploy.yml has no input version',
    ]);
  });

  it('notice a required input that is missing', async () => {
    const caller = changed('      release: ${{ inputs.release }}\n', '');
    expect((await complaintsOfGitHub(caller)).join()).toContain('release');
    expect(callProblems(caller)).toEqual(['x.yml: deploy lacks release']);
  });

  it('notice an input of another type', () => {
    expect(callProblems(changed('release: { type: string', 'release: { type: number'))).toEqual([
      'x.yml: release takes string, not number',
    ]);
    expect(callProblems(changed('${{ inputs.release }}', '1.5'))).toEqual([
      'x.yml: release takes string, not number',
    ]);
  });

  it('notice a workflow that is not there', async () => {
    const caller = changed('workflows/deploy.yml@v1', 'workflows/deliver.yml@v1');
    expect(await complaintsOfGitHub(caller)).not.toEqual([]);
  });

  it('notice an input of an action that does not exist, and a right that is missing', () => {
    const part = {
      place: 'x.md:1',
      text: `deploy:
  runs-on: ubuntu-24.04
  permissions: { contents: read }
  steps:
    - uses: OWNER/gatewright/actions/protect-environment@v1
      with: { environments: production }
`,
    };
    expect(findingsIn(part).map((finding) => finding.split(':', 1)[0])).toEqual(
      expect.arrayContaining(['action-inputs', 'action-permissions']),
    );
  });
});

/** Starts a caller on a GitHub that lets no job run: what is wrong with the files shows before. */
async function start(text: string): Promise<WorkflowRun> {
  const workflow = '.github/workflows/caller.yml';
  const tree = await mkdtemp(join(directory, 'tree-'));
  await mkdir(dirname(join(tree, workflow)), { recursive: true });
  await writeFile(join(tree, workflow), text);
  const sha = 'a'.repeat(40);
  const triggers: unknown = parse(text).on;
  const dispatch = z.object({ workflow_dispatch: z.object({ inputs: z.looseObject({}) }) });
  const { success, data } = dispatch.safeParse(triggers);
  const form = success ? Object.keys(data.workflow_dispatch.inputs) : [];
  const inputs = Object.fromEntries(form.map((name) => [name, 'production']));
  const [event = 'workflow_dispatch'] = success ? [] : [triggers].flat().map(String);
  return runWorkflow({
    repository: {
      fullName: 'acme/orders',
      defaultBranch: 'main',
      directory: () => ({ sha, directory: tree }),
    },
    workflow,
    event: { name: event, ref: 'refs/heads/main', sha, actor: 'ada', inputs },
    remotes: (owner, repo) =>
      `${owner}/${repo}` === 'OWNER/gatewright' ? { sha, directory: root } : undefined,
    standIns: builtInStandIns,
    platform: closedPlatform,
    node24: findNode24(),
    workRoot: tree,
    observe: () => undefined,
  });
}

const closedPlatform: Platform = {
  openRun: () => Promise.resolve({ runId: '1', runNumber: 1, runAttempt: 1 }),
  openJob: () =>
    Promise.resolve({
      token: 'none',
      env: {},
      ready: () => Promise.resolve({ kind: 'blocked', reason: 'no job runs here' }),
      close: () => Promise.resolve(),
    }),
  closeRun: () => Promise.resolve(),
};
