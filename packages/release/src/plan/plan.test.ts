import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contracts, greetInputs } from '../test-support/sample.ts';
import { compareContracts } from './compare-contracts.ts';
import { readCommit } from './commit.ts';
import type { Callable, ContractDocument } from './contracts.ts';
import { renderNotes } from './notes.ts';
import { planRelease } from './plan.ts';
import { bump, compareVersions, formatVersion, parseVersion } from './version.ts';
import type { Version } from './version.ts';

const sha = '0123456789abcdef'.padEnd(40, '0');
const commit = (message: string) => ({ sha, message });
const [greet] = Object.values(contracts.actions);
if (greet === undefined) throw new Error('the sample has no action');
const withGreet = (changes: Partial<Callable>): ContractDocument => ({
  ...contracts,
  actions: { greet: { ...greet, ...changes } },
});
const previous = { version: { major: 1, minor: 2, patch: 3 }, contracts };
const facts = { previous, versions: [previous.version], contracts, commits: [commit('fix: x')] };
const next = (...messages: string[]) =>
  formatVersion(planRelease({ ...facts, commits: messages.map(commit) }).version);

describe('a commit message', () => {
  it.each([
    ['feat(deploy-ssm): waves', { type: 'feat', scopes: ['deploy-ssm'], text: 'waves' }],
    ['fix(github, emulators): x', { type: 'fix', scopes: ['github', 'emulators'] }],
    ['feat!: no more x', { type: 'feat', breaking: 'no more x' }],
    ['fix: x\n\nBREAKING CHANGE: y\nis gone\n\nRefs: 1', { breaking: 'y is gone' }],
    ['fix: x\n\nBREAKING-CHANGE: y', { breaking: 'y' }],
    ['Merge the rest', { type: 'other', text: 'Merge the rest' }],
    ['fix:nothing', { type: 'other' }],
  ])('%j is read', (message, expected) => {
    expect(readCommit(commit(message))).toMatchObject([expected]);
  });

  it('may tell of two things', () => {
    const found = readCommit(commit('test(gates): pieces; fix(gates): the place'));
    expect(found.map(({ type, text }) => [type, text])).toEqual([
      ['test', 'pieces'],
      ['fix', 'the place'],
    ]);
  });

  it('is read whatever it is, and names its commit', () => {
    fc.assert(
      fc.property(fc.string(), (message) => {
        const entries = readCommit(commit(message));
        return entries.length > 0 && entries.every((entry) => entry.sha === sha);
      }),
    );
  });
});

describe('the next version', () => {
  it('is chosen by the words of the commits', () => {
    expect(next('fix: a', 'docs: b')).toBe('v1.2.4');
    expect(next('fix: a', 'feat(x): b')).toBe('v1.3.0');
    expect(next('feat: a', 'refactor!: b')).toBe('v2.0.0');
    expect(next('chore(deps): newer zod')).toBe('v1.2.4');
  });

  it('is a minor one when callers can do more, whatever the commits say', () => {
    const more = { ...facts, contracts: withGreet({ outputs: ['greeting', 'tone'] }) };
    expect(formatVersion(planRelease(more).version)).toBe('v1.3.0');
  });

  it('is v1.0.0 when there is none, and needs nothing to compare with', () => {
    const first = { versions: [], previous: undefined, contracts, commits: [commit('feat: all')] };
    expect(planRelease(first)).toMatchObject({ version: { major: 1 }, refusals: [] });
  });

  it('is not made of commits that change nothing for callers', () => {
    const plan = planRelease({ ...facts, commits: [commit('docs: a'), commit('test: b')] });
    expect(plan.refusals).toMatchObject([{ code: 'publish-refused' }]);
  });

  it('is newer than every other, or refused', () => {
    const versions = [...facts.versions, { major: 1, minor: 2, patch: 4 }];
    expect(planRelease({ ...facts, versions }).refusals).toEqual([
      { code: 'publish-refused', text: 'v1.2.4 is not newer than v1.2.4.' },
    ]);
  });

  const part = fc.nat(99);
  const version: fc.Arbitrary<Version> = fc.record({ major: part, minor: part, patch: part });

  it('is above the one before and is read as it is written', () => {
    fc.assert(
      fc.property(version, fc.constantFrom('major', 'minor', 'patch'), (from, level) => {
        const to = bump(from, level);
        expect(compareVersions(to, from)).toBeGreaterThan(0);
        expect(parseVersion(formatVersion(to))).toEqual(to);
      }),
    );
  });

  it.each(['1.2.3', 'v1.2', 'v01.2.3', 'v1.2.3-rc.1', 'v1.2.3\n', 'xv1.2.3'])(
    'is not read from %j',
    (tag) => {
      expect(parseVersion(tag)).toBeUndefined();
    },
  );
});

describe('contracts', () => {
  const { name, tone } = greetInputs;
  const breaks: readonly (readonly [string, Partial<Callable>, string])[] = [
    ['an input that is gone', { inputs: { name } }, 'The input `tone` is gone.'],
    [
      'a new required input',
      { inputs: { ...greetInputs, mood: { required: true } } },
      'The input `mood` is new and required.',
    ],
    [
      'an input that is required now',
      { inputs: { name, tone: { required: true, accepted: tone.accepted, oneOf: tone.oneOf } } },
      'The input `tone` is required now.',
    ],
    [
      'another default',
      { inputs: { name, tone: { ...tone, default: 'cool' } } },
      'The input `tone` has another default: `cool`, before `warm`.',
    ],
    [
      'fewer words',
      { inputs: { name, tone: { ...tone, oneOf: ['warm'] } } },
      'The input `tone` no longer takes cool.',
    ],
    [
      'a smaller range',
      { inputs: { ...greetInputs, name: { ...name, range: { min: 1, max: 2 } } } },
      'The input `name` takes only 1 to 2.',
    ],
    ['an output that is gone', { outputs: [] }, 'The output `greeting` is gone.'],
    ['a reason code that is gone', { reasonCodes: [] }, 'The reason code `greeted` is gone.'],
    ['a new required secret', { secrets: { key: true } }, 'The secret `key` is required now.'],
    [
      'more rights',
      { permissions: { contents: 'write' } },
      'The caller must grant `contents: write`, before `read`.',
    ],
    ['more of AWS', { aws: ['ssm:SendCommand'] }, 'The deploy role needs `ssm:SendCommand`.'],
  ];

  it.each(breaks)('break callers by %s', (_, changes, text) => {
    const after = withGreet(changes);
    expect(compareContracts(contracts, after)).toContainEqual({
      scope: 'greet',
      breaking: true,
      text,
    });
    const plan = planRelease({ ...facts, contracts: after });
    expect(plan.refusals).toMatchObject([{ code: 'breaking-without-major' }]);
    expect(planRelease({ ...facts, contracts: after, asked: 'major' }).refusals).toEqual([]);
    const said = [commit('feat(greet)!: other')];
    expect(planRelease({ ...facts, contracts: after, commits: said }).refusals).toEqual([]);
  });

  it('break callers by an action that is gone', () => {
    expect(compareContracts(contracts, { ...contracts, actions: {} })).toEqual([
      { scope: 'greet', breaking: true, text: 'The action is gone.' },
    ]);
  });

  it('do not break callers by what is new, wider or no longer needed', () => {
    const after = withGreet({
      inputs: {
        name: { ...name, required: false, default: '' },
        tone: { ...tone, accepted: 'one of warm, cool, dry', oneOf: ['warm', 'cool', 'dry'] },
        mood: { required: false, default: '' },
      },
      outputs: ['greeting', 'tone'],
      permissions: {},
      secrets: { key: false },
    });
    const found = compareContracts(contracts, after);
    expect(found).toHaveLength(6);
    expect(found.filter(({ breaking }) => breaking)).toEqual([]);
  });

  const names = fc.constantFrom('a', 'b', 'constructor');
  const input = fc.record(
    {
      required: fc.boolean(),
      default: fc.constantFrom('', 'x'),
      oneOf: fc.subarray(['x', 'y', 'z']),
      range: fc.tuple(fc.nat(9), fc.nat(9)).map(([min, max]) => ({ min, max })),
    },
    { requiredKeys: ['required'] },
  );
  const level = fc.constantFrom('read' as const, 'write' as const);
  const callable: fc.Arbitrary<Callable> = fc.record({
    inputs: fc.dictionary(names, input),
    outputs: fc.uniqueArray(names),
    reasonCodes: fc.uniqueArray(names),
    secrets: fc.dictionary(names, fc.boolean()),
    permissions: fc.dictionary(names, level),
    aws: fc.uniqueArray(names),
  });
  const document: fc.Arbitrary<ContractDocument> = fc.record({
    schemaVersion: fc.constant(1 as const),
    actions: fc.dictionary(names, callable),
    workflows: fc.dictionary(names, callable),
  });

  it('differ in nothing from themselves', () => {
    fc.assert(fc.property(document, (one) => compareContracts(one, one).length === 0));
  });

  it('that break callers never get a version below a major one unrefused', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const plan = planRelease({
          ...facts,
          previous: { ...previous, contracts: before },
          contracts: after,
        });
        const broken = plan.contractChanges.some(({ breaking }) => breaking);
        expect(plan.version.major).toBe(1);
        expect(plan.refusals.length > 0).toBe(broken);
      }),
    );
  });
});

describe('the notes', () => {
  const context = {
    repository: 'acme/tools',
    actions: ['greet'],
    workflows: ['hello'],
    commit: sha,
  };
  const notes = (...messages: string[]) =>
    renderNotes(planRelease({ ...facts, commits: messages.map(commit) }), context);

  it('tell what breaks first, then what is new by action and workflow, then the rest', () => {
    expect(
      notes(
        'feat(greet): greet `everybody`',
        'fix(hello)!: wait for an answer',
        'perf(engine): half the time',
        'chore: sweep',
        'docs: tell',
      ),
    ).toBe(`# v2.0.0

Since v1.2.3.

## Breaking changes

- **hello**: wait for an answer (0123456789)

## Actions

### greet

- New: greet \`everybody\` (0123456789)

## Workflows

### hello

- Fixed: wait for an answer (0123456789)

## Everything else

- **engine**: Faster: half the time (0123456789)

2 more commits without effect on callers.

## Use this version

\`\`\`yaml
uses: acme/tools/.github/workflows/hello.yml@${sha} # v2.0.0
\`\`\`

The files of this release were built from the parent of ${sha}; \`checksums.txt\`, \`sbom.cdx.json\` and \`provenance.intoto.json\` say what is in them.
`);
  });

  it('mention nobody and hold no markup of a commit but code', () => {
    const told = notes('fix(greet): thank @octocat <img src=x> [here](https://x) `<b>` *now*');
    expect(told).toContain(
      String.raw`thank &#64;octocat &lt;img src=x> \[here\](https://x) ${'`<b>`'} \*now\*`,
    );
  });
});
