import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from './commands.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatewright-build-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}
const get = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

async function run(...words: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const tool = {
    root,
    program: join(root, 'bundler.mjs'),
    say: (line: string) => lines.push(line),
  };
  return { code: await runCommand(tool, words), lines };
}

const workflow = `name: deploy
on:
  workflow_call:
permissions: {}
jobs:
  probe:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
    steps:
      - uses: $/actions/probe
        with:
          zone: a
`;

/** An action whose contract stands as compiled code, as the tool reads it. */
async function putAction(name: string): Promise<void> {
  await put(`actions/${name}/package.json`, '{"type":"module"}');
  await put(`actions/${name}/src/contract.ts`, '');
  await put(`actions/${name}/lib/main.js`, `// ${name}\n`);
  await put(
    `actions/${name}/lib/contract.js`,
    `export const contract = {
      name: '${name}', title: 'Gatewright: ${name}', description: 'Does ${name}. More.',
      permissions: {}, outputs: {}, reasonCodes: ['verified'],
      inputs: { zone: { description: 'The zone.', accepted: 'a text', optional: false, secret: false, decode: (value) => ({ ok: true, value }) } },
    };`,
  );
}

describe('generate', () => {
  beforeEach(async () => {
    await putAction('probe');
    await put('workflows/deploy/workflow.yml', workflow);
    await put('README.md', '# Us\n\n<!-- actions:start -->\nold\n<!-- actions:end -->\n\nEnd.\n');
  });

  it('writes everything once and finds nothing stale after it', async () => {
    const first = await run('generate');
    expect(first.code).toBe(0);
    expect(first.lines).toEqual([
      'wrote actions/probe/action.yml',
      'wrote actions/probe/README.md',
      'wrote docs/reference/actions.md',
      'wrote docs/reference/contracts.json',
      'wrote docs/reference/gatewright.schema.json',
      'wrote docs/reference/policy.schema.json',
      'wrote docs/reference/waivers.schema.json',
      'wrote docs/reference/result.schema.json',
      'wrote README.md',
      'wrote .github/workflows/deploy.yml',
    ]);
    expect(await run('generate')).toEqual({ code: 0, lines: [] });
    expect(await run('generate', '--check')).toEqual({ code: 0, lines: [] });
  });

  it('leaves the hand-written parts alone', async () => {
    await put('actions/probe/README.md', '# probe\n\nBy hand.\n\n## More\n\nAlso by hand.\n');
    await run('generate');
    const readme = await get('actions/probe/README.md');
    expect(readme).toContain('Also by hand.');
    expect(readme).toContain('| `zone` | The zone. | **required** |');
    expect(await get('README.md')).toMatch(/^# Us[\s\S]*Does probe\.[\s\S]*End\.\n$/);
    expect(await get('README.md')).not.toContain('old');
  });

  it('names the source of a workflow and changes nothing else in it', async () => {
    await run('generate');
    const rendered = await get('.github/workflows/deploy.yml');
    expect(rendered.split('\n')[0]).toContain('workflows/deploy/workflow.yml');
    expect(rendered.endsWith(workflow)).toBe(true);
  });

  it('lists with --check what is stale or should not exist, and mends it without', async () => {
    await run('generate');
    await put('actions/probe/action.yml', 'name: by hand\n');
    await put('.github/workflows/gone.yml', '# Generated from workflows/gone/workflow.yml\n');
    await put('.github/workflows/repo-ci.yml', 'name: by hand\n');
    const check = await run('generate', '--check');
    expect(check.code).toBe(1);
    expect(check.lines.map((line) => line.split(':')[0])).toEqual([
      'actions/probe/action.yml',
      '.github/workflows/gone.yml',
    ]);
    expect((await run('generate')).lines).toContain('removed .github/workflows/gone.yml');
    expect(await get('.github/workflows/repo-ci.yml')).toBe('name: by hand\n');
  });

  it('fails on a workflow that breaks a rule, with its line', async () => {
    await put('workflows/deploy/workflow.yml', workflow.replace('zone: a', 'zones: a'));
    expect(await run('generate')).toMatchObject({
      code: 1,
      lines: expect.arrayContaining([
        'workflows/deploy/workflow.yml:13: action-inputs: probe has no input zones',
      ]),
    });
  });

  it('fails on a post step that the contract does not know', async () => {
    await put('actions/probe/src/post.ts', '');
    const { code, lines } = await run('generate');
    expect(code).toBe(1);
    expect(lines.at(-1)).toContain('say `post: true`');
  });

  it('says what is missing when the contracts are not compiled', async () => {
    await rm(join(root, 'actions/probe/lib'), { recursive: true });
    await expect(run('generate')).rejects.toThrow(
      /contract\.js is missing: run `npx tsc -b` first/,
    );
  });
});

/** Stands in for the bundler, which needs a compiled tool: it writes an entry for all but one. */
const bundler = (fails: string): string => `
  import { mkdirSync, writeFileSync } from 'node:fs';
  const [command, ...actions] = process.argv.slice(2);
  for (const action of actions.filter((name) => name !== '${fails}')) {
    mkdirSync('actions/' + action + '/dist', { recursive: true });
    writeFileSync('actions/' + action + '/dist/index.js', command + ' ' + action);
    console.log(action);
  }`;

describe('bundle', () => {
  beforeEach(async () => {
    await Promise.all(['probe', 'other', 'third'].map(putAction));
    await put('bundler.mjs', bundler('other'));
  });

  it('reports each bundle, and a failed one fails the whole', async () => {
    expect(await run('bundle')).toEqual({
      code: 1,
      lines: ['other: failed', 'probe: built, 17 bytes', 'third: built, 17 bytes'],
    });
    expect(await get('actions/third/dist/index.js')).toBe('bundle-here third');
  });

  it('bundles only what it is asked for, and knows all names', async () => {
    expect((await run('bundle', 'third')).lines).toEqual(['third: built, 17 bytes']);
    expect(await run('bundle', 'fourth')).toEqual({
      code: 1,
      lines: ['no such action: fourth; there are other, probe, third'],
    });
  });
});

describe('the command line', () => {
  it.each([[[]], [['build']], [['toString']]])('%j gets the usage', async (words) => {
    expect(await run(...words)).toEqual({ code: 1, lines: [expect.stringContaining('usage:')] });
  });
});
