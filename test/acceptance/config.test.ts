import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { set } from './harness-policy.ts';
import type { Edit } from './harness-policy.ts';
import { runAction } from './harness-runner.ts';
import { startStage } from './harness-stage.ts';
import type { PackedRelease, Stage } from './harness-stage.ts';
import { refusal, told } from './harness-told.ts';

/** Each action that reads the policy. */
const names = [
  'protect-environment',
  'plan-delivery',
  'smoke-test',
  'deploy-ssm',
  'rollback-ssm',
] as const;
const manifestReaders = ['plan-delivery', 'smoke-test', 'deploy-ssm'] as const;

let stage: Stage;
let release: PackedRelease;

beforeAll(async () => {
  stage = await startStage({ hosts: 1 });
  release = await stage.pack('1.0.0');
});
afterAll(() => stage.stop());

/** Runs a reader of the policy, and counts what it called of AWS and GitHub. */
async function runReader(action: (typeof names)[number], inputs: Readonly<Record<string, string>>) {
  const good = {
    'protect-environment': {},
    'rollback-ssm': {},
    'plan-delivery': { 'manifest-path': join(release.directory, 'manifest.json') },
    'smoke-test': { 'manifest-path': join(release.directory, 'manifest.json') },
    'deploy-ssm': {
      'manifest-path': join(release.directory, 'manifest.json'),
      'expected-digest': release.digest,
    },
  };
  const job = await stage.job();
  const before = stage.github.journal().length;
  const { value: end, calls } = await stage.calls(() =>
    runAction(action, job, {
      environment: 'staging',
      ...good[action],
      ...inputs,
    }),
  );
  return { end, calls: calls.length + stage.github.journal().length - before };
}

describe('policy.yml', () => {
  const bad: [problem: string, edit: Edit, mentions: string[]][] = [
    ['an unknown key', set(['limits', 'lock-minuets'], 5), ['lock-minuets', 'unknown key']],
    ['a wrong type', set(['targets', 'minimum-hosts'], 'many'), ['minimum-hosts', '"many"']],
    ['a missing key', (policy) => policy.delete('version'), ['version', 'missing']],
    ['no YAML', () => undefined, ['policy-']],
  ];

  it.each(bad)('is refused for %s, with its place', async (problem, edit, mentions) => {
    const path = await stage.policy(edit);
    if (problem === 'no YAML') await writeFile(join(stage.workspace, path), 'version: [1\n');
    const { end, calls } = await runReader('protect-environment', { 'policy-path': path });
    expect(told(end)).toEqual(refusal('policy-invalid'));
    expect(end.result.explanation).toMatch(/policy-\d+\.yml:\d+:\d+/u);
    for (const word of mentions) expect(end.result.explanation).toContain(word);
    expect(calls).toBe(0);
  });

  it.each(names)('%s tells every problem at once', async (action) => {
    const path = await stage.policy(...bad.map(([, edit]) => edit));
    const { end, calls } = await runReader(action, { 'policy-path': path });
    expect(told(end)).toEqual(refusal('policy-invalid'));
    for (const word of bad.flatMap(([, , mentions]) => mentions)) {
      expect(end.result.explanation).toContain(word);
    }
    expect(calls).toBe(0);
  });

  it.each(names)('%s misses a policy that is not there', async (action) => {
    const { end, calls } = await runReader(action, { 'policy-path': 'nowhere/policy.yml' });
    expect(told(end)).toEqual(refusal('policy-missing'));
    expect(end.result.explanation).toContain('policy.yml');
    expect(calls).toBe(0);
  });

  it.each(names)('%s refuses an environment that it does not declare', async (action) => {
    const path = await stage.policy();
    const inputs = { 'policy-path': path, environment: 'produktion' };
    const { end, calls } = await runReader(action, inputs);
    expect(told(end)).toEqual(refusal('environment-undeclared'));
    expect(end.result.explanation).toContain('produktion');
    expect(end.result.explanation).toContain('staging');
    expect(calls).toBe(0);
  });
});

describe('gatewright.yml', () => {
  type Change = (config: Document) => void;
  const bad: [problem: string, change: Change, mentions: string[]][] = [
    ['an unknown key', (config) => config.setIn(['hooks', 'begin'], 1), ['hooks.begin', 'unknown']],
    [
      'a wrong type',
      (config) => config.setIn(['service', 'port'], 'http'),
      ['service.port', 'http'],
    ],
    [
      'a missing key',
      (config) => config.deleteIn(['hooks', 'health']),
      ['hooks.health', 'missing'],
    ],
  ];

  async function packChanged(change: Change) {
    const file = join(stage.workspace, 'apps/1.0.0/gatewright.yml');
    const text = await readFile(file, 'utf8');
    const config = parseDocument(text);
    change(config);
    await writeFile(file, config.toString());
    try {
      return await runAction('package-release', await stage.job(), {
        release: '1.0.1',
        'working-directory': 'apps/1.0.0',
        'output-directory': 'releases/1.0.1',
      });
    } finally {
      await writeFile(file, text);
    }
  }

  it.each(bad)('is refused for %s, with its place', async (_problem, change, mentions) => {
    const end = await packChanged(change);
    expect(told(end)).toEqual(refusal('config-invalid'));
    expect(end.result.explanation).toMatch(/gatewright\.yml:\d+:\d+/u);
    for (const word of mentions) expect(end.result.explanation).toContain(word);
    expect(end.outputs['digest'] ?? '').toBe('');
    await expect(readFile(join(stage.workspace, 'releases/1.0.1/manifest.json'))).rejects.toThrow(
      'ENOENT',
    );
  });

  it('is refused when it includes what is not there', async () => {
    const end = await packChanged((config) => config.addIn(['package', 'include'], 'assets'));
    expect(told(end)).toEqual(refusal('package-refused'));
    expect(end.result.explanation).toContain('assets');
  });

  it('is missed when it is not there', async () => {
    const end = await runAction('package-release', await stage.job(), {
      release: '1.0.1',
      'working-directory': 'releases',
    });
    expect(told(end)).toEqual(refusal('config-missing'));
    expect(end.result.explanation).toContain('gatewright.yml');
  });

  it('names a build that fails, and leaves nothing of it running', async () => {
    const end = await packChanged((config) =>
      config.setIn(['package', 'build'], ['sh', '-c', 'sleep 600 & echo broken >&2; exit 3']),
    );
    expect(told(end)).toEqual(refusal('build-failed'));
    expect(end.result.explanation).toContain('3');
    expect(end.log).toContain('broken');
  });
});

describe('the manifest of a release', () => {
  it.each(manifestReaders)('%s misses it', async (action) => {
    const { end, calls } = await runReader(action, {
      'policy-path': await stage.policy(),
      'manifest-path': 'nowhere/manifest.json',
    });
    expect(told(end)).toEqual(refusal('config-missing'));
    expect(end.result.explanation).toContain('manifest.json');
    expect(calls).toBe(0);
  });

  it.each(manifestReaders)('%s refuses another form', async (action) => {
    await writeFile(join(stage.workspace, 'odd.json'), '{"schema":"gatewright.release/2"}');
    const { end, calls } = await runReader(action, {
      'policy-path': await stage.policy(),
      'manifest-path': 'odd.json',
    });
    expect(told(end)).toEqual(refusal('config-invalid'));
    expect(end.result.explanation).toContain('odd.json');
    expect(calls).toBe(0);
    await rm(join(stage.workspace, 'odd.json'));
  });
});

describe('inputs', () => {
  const bad: [action: string, inputs: Record<string, string>, mentions: string[]][] = [
    ['package-release', { release: 'v 1' }, ['release', '"v 1"', 'letters']],
    ['package-release', { release: '' }, ['release']],
    [
      'package-release',
      { release: '1.0.1', 'build-timeout-seconds': 'soon' },
      ['build-timeout-seconds', '"soon"', '21600'],
    ],
    ['protect-environment', { environment: 'staging', mode: 'apply' }, ['mode', 'verify']],
    ['smoke-test', { environment: 'staging', 'deadline-seconds': '0' }, ['deadline-seconds', '0']],
    ['deploy-ssm', { environment: 'staging', 'expected-digest': 'abc' }, ['expected-digest']],
    ['require-gates', { 'record-digest': 'f' }, ['environment']],
    ['record-gates', {}, ['needs-json']],
    ['record-evidence', { kind: 'redeploy', environment: 'staging' }, ['kind', 'release']],
  ];
  it.each(bad)('%s refuses %j', async (action, inputs, mentions) => {
    const job = await stage.job();
    const { value: end, calls } = await stage.calls(() => runAction(action, job, inputs));
    expect(told(end)).toEqual(refusal('input-invalid'));
    const story = [end.result.explanation, ...end.result.checked].join('\n');
    for (const word of mentions) expect(story).toContain(word);
    expect(calls).toEqual([]);
  });

  it('are not shown where they are secret', async () => {
    const { end } = await runReader('protect-environment', {
      'github-token': 'ghs_a-token-nobody-may-see',
      mode: 'apply',
    });
    expect(end.everything).not.toContain('nobody-may-see');
  });
});
