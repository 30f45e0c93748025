import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GatewrightError } from '@gatewright/verdict';
import { contracts, files, greetInputs, openStudio, text } from './test-support/sample.ts';
import type { Sample, Studio } from './test-support/sample.ts';
import { candidate, release, verify } from './tool.ts';

let studio: Studio;
let sample: Sample;
beforeAll(async () => {
  studio = await openStudio(async (template) => {
    await template.commit('feat(greet): say hello', files);
    await candidate(template.tool);
  });
});
afterAll(() => studio.close());
beforeEach(async () => {
  sample = await studio.sample();
});

type Wishes = Parameters<typeof release>[2];

/** Tries to publish and tells why that was refused. */
async function refusal(wishes: Wishes = {}): Promise<string> {
  const before = await sample.shared('show-ref', '--tags').catch(() => '');
  try {
    await release(sample.tool, sample.releases, wishes);
    return 'published';
  } catch (error) {
    if (!(error instanceof GatewrightError)) throw error;
    const after = await sample.shared('show-ref', '--tags').catch(() => '');
    if (after !== before) throw new Error(`refused, but it left ${after}`, { cause: error });
    return `${error.reasonCode}: ${error.message}`;
  }
}

/** Replaces the candidate as somebody could who may push. */
async function tamper(path: string, content: string): Promise<void> {
  await sample.git('fetch', '--quiet', 'origin', 'candidate');
  await sample.git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
  await writeFile(join(sample.root, path), content);
  await sample.git('commit', '--quiet', '--amend', '--all', '-m', 'build: bundles');
  await sample.git('push', '--quiet', '--force', 'origin', 'HEAD:candidate');
  await sample.git('checkout', '--quiet', 'main');
}

describe('publishing refuses', () => {
  it('a working tree with changes', async () => {
    await writeFile(join(sample.root, 'scratch.txt'), 'x');
    expect(await refusal()).toMatch(/^publish-refused: The working tree has changes/);
  });

  it('another branch than main, and a main that was not pushed', async () => {
    await sample.git('checkout', '--quiet', '-b', 'topic');
    expect(await refusal()).toBe('publish-refused: This is topic, not main.');
    await sample.git('checkout', '--quiet', 'main');
    await sample.git('commit', '--quiet', '--allow-empty', '-m', 'local');
    expect(await refusal()).toMatch(/^publish-refused: .*the remote does not/);
  });

  it('without a candidate', async () => {
    await sample.shared('branch', '-D', 'candidate');
    expect(await refusal()).toBe('publish-refused: The remote has no branch candidate.');
  });

  it('a tag that somebody else made, also on the candidate itself', async () => {
    await sample.shared('tag', 'v1.0.0', 'candidate');
    expect(await refusal()).toBe('publish-refused: The tag v1.0.0 is not of our making.');
    await sample.shared('tag', '-a', '-m', 'x', 'v3.0.0', 'candidate');
    expect(await refusal()).toMatch(
      /^publish-refused: The candidate has several versions: v1.0.0, v3/,
    );
    await sample.shared('tag', '--delete', 'v3.0.0');
    await sample.shared('tag', '--force', 'v1.0.0', 'main');
    expect(await refusal()).toMatch(/^tag-moved: v1.0.0 does not name what was released/);
  });

  it('a bundle that somebody has tampered with', async () => {
    await tamper('actions/greet/dist/index.js', 'steal();\n');
    expect(await refusal()).toMatch(/^bundle-differs: .*a rebuild gives the same bytes/);
    const { checks, prepared } = await verify(sample.tool, {});
    expect(prepared).toBeUndefined();
    expect(checks.flatMap(({ problems }) => problems)).toEqual([
      'actions/greet/dist/index.js differs from a rebuild (M)',
    ]);
  });

  it('a candidate that changes more than bundles', async () => {
    await tamper('actions/greet/action.yml', 'name: other\n');
    expect(await refusal()).toMatch(/^candidate-invalid: .*only bundles differ from main/);
  });

  it('a candidate whose source never was in main', async () => {
    await sample.shared('branch', '--force', 'main', 'main');
    await sample.git('commit', '--quiet', '--allow-empty', '-m', 'feat: not reviewed');
    await sample.git('push', '--quiet', 'origin', 'HEAD:topic');
    await sample.shared('update-ref', 'refs/heads/main', 'topic');
    await candidate(sample.tool);
    await sample.shared('update-ref', 'refs/heads/main', 'topic^');
    await sample.git('reset', '--quiet', '--hard', 'HEAD^');
    expect(await refusal()).toMatch(/^candidate-invalid: .*only bundles differ from main/);
  });

  it('a contract that breaks callers without a major version, until somebody asks for one', async () => {
    await release(sample.tool, sample.releases, {});
    const { name } = greetInputs;
    const greet = { ...contracts.actions['greet'], inputs: { name } };
    const changed = text({ ...contracts, actions: { greet } });
    await sample.commit('fix(greet): less to say', { 'docs/reference/contracts.json': changed });
    await candidate(sample.tool);
    expect(await refusal()).toMatch(/^breaking-without-major: .*The input `tone` is gone/);
    expect(await refusal({ level: 'minor' })).toMatch(/^breaking-without-major/);
    expect(await refusal({ level: 'major' })).toBe('published');
    const notes = (await sample.releases.find('v2.0.0'))?.body;
    expect(notes).toContain('## Breaking changes\n\n- **greet**: The input `tone` is gone.');
  });

  it('an action that is used otherwise than the pins say', async () => {
    await sample.commit('ci: another checkout', {
      'workflows/hello/workflow.yml': `jobs:\n  a:\n    steps:\n      - uses: actions/checkout@${'d'.repeat(40)} # v8.0.0\n`,
    });
    await candidate(sample.tool);
    expect(await refusal()).toMatch(/^candidate-invalid: .*pinned/);
  });

  it('a package with a licence that nobody accepted, or that the lockfile does not have', async () => {
    const build = async (directory: string): Promise<void> => {
      await sample.tool.commands.build(directory);
      const notices = 'kind-words@1.2.4 (SSPL-1.0)\n';
      await writeFile(join(directory, 'actions/greet/dist/licenses.txt'), notices);
    };
    const tool = { ...sample.tool, commands: { ...sample.tool.commands, build } };
    await candidate(tool);
    const { checks } = await verify(tool, {});
    expect(checks.flatMap(({ problems }) => problems)).toEqual([
      'actions/greet/dist/licenses.txt: kind-words has the licence SSPL-1.0',
      'actions/greet/dist/licenses.txt: kind-words@1.2.4 is not in the bill of materials',
    ]);
  });

  it('a floating tag that carries a release', async () => {
    const draft = await sample.releases.createDraft({ tag: 'v1', name: 'v1', body: '' });
    await sample.releases.publish(draft);
    expect(await refusal()).toBe('publish-refused: The floating tag v1 carries a release.');
  });

  it('an attestation about other files', async () => {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'actions/greet/action.yml', digest: { sha256: '0'.repeat(64) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
    };
    const attestation = bundleOf(statement);
    expect(await refusal({ attestation })).toMatch(/^bundle-differs: The attestation/);
    expect(await refusal({ attestation: Buffer.from('{}') })).toMatch(/^bundle-differs/);
  });

  it('a build that changes a file of the repository: it was not fresh', async () => {
    const build = async (directory: string): Promise<void> => {
      await sample.tool.commands.build(directory);
      await writeFile(join(directory, 'actions/greet/action.yml'), 'name: generated\n');
    };
    const stale = { ...sample.tool, commands: { ...sample.tool.commands, build } };
    await expect(candidate(stale)).rejects.toMatchObject({
      reasonCode: 'build-failed',
      checked: [' M actions/greet/action.yml'],
    });
  });

  it('a build that makes nothing', async () => {
    const { commands } = sample.tool;
    const idle = { ...sample.tool, commands: { ...commands, build: makeNothing } };
    await expect(candidate(idle)).rejects.toThrow('made no bundle');
  });
});

const makeNothing = (): Promise<void> => Promise.resolve();

describe('publishing takes', () => {
  it('an attestation over exactly these files, and keeps it with the release', async () => {
    const { prepared } = await verify(sample.tool, {});
    const checksums = prepared?.assets.get('checksums.txt')?.toString('utf8').trim().split('\n');
    const subject = (checksums ?? []).map((line) => {
      const [sha256 = '', name = ''] = line.split('  ');
      return { name, digest: { sha256 } };
    });
    expect(subject.map(({ name }) => name)).toEqual([
      '.github/workflows/hello.yml',
      'actions/greet/action.yml',
      'actions/greet/dist/index.js',
      'actions/greet/dist/licenses.txt',
    ]);
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType: 'https://slsa.dev/provenance/v1',
    };
    expect(await refusal({ attestation: bundleOf(statement) })).toBe('published');
    const assets = (await sample.releases.find('v1.0.0'))?.assets.map(({ name }) => name);
    expect(assets).toContain('attestation.sigstore.json');
  });
});

describe('a repository whose releases can be changed', () => {
  it('gets no floating tags', async () => {
    const other = await openStudio(async (template) => {
      await template.commit('feat(greet): say hello', files);
      await candidate(template.tool);
    }, false);
    try {
      sample = await other.sample();
      const tried = release(sample.tool, sample.releases, {});
      await expect(tried).rejects.toMatchObject({ reasonCode: 'release-inconsistent' });
      expect(await sample.shared('tag', '--list')).toBe('v1.0.0');
    } finally {
      await other.close();
    }
  });
});

function bundleOf(statement: object): Buffer {
  return Buffer.from(
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      dsseEnvelope: {
        payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
        payloadType: 'application/vnd.in-toto+json',
      },
    }),
  );
}
