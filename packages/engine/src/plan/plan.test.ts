import { describe, expect, it } from '@jest/globals';
import { splitSegments } from '../syntax/segments.ts';
import type { Node } from '../syntax/node.ts';
import type { InputDefinition } from '../syntax/workflow-file.ts';
import { acceptInput, callInputs, dispatchInputs } from './inputs.ts';
import { excessPermissions, readPermissions } from './permissions.ts';
import { parseReference } from './reference.ts';

const at = { file: 'ci.yml', line: 3, column: 7 };
const scalar = (value: string | boolean | number): Node => ({ kind: 'scalar', at, value });
const mapping = (values: Record<string, string>): Node => ({
  kind: 'mapping',
  at,
  entries: Object.entries(values).map(([key, value]) => ({ key, at, value: scalar(value) })),
});

describe('parseReference', () => {
  it.each([
    ['$/actions/x', { kind: 'self', path: 'actions/x' }],
    ['$/actions/x/', { kind: 'self', path: 'actions/x' }],
    ['./actions/x', { kind: 'workspace', path: 'actions/x' }],
    ['./', { kind: 'workspace', path: '' }],
    ['a/b@v1', { kind: 'remote', owner: 'a', repo: 'b', path: '', ref: 'v1' }],
    ['a/b/c/d@refs/x', { kind: 'remote', owner: 'a', repo: 'b', path: 'c/d', ref: 'refs/x' }],
  ])('%s', (uses, expected) => {
    expect(parseReference(uses)).toEqual(expected);
  });

  it.each(['docker://alpine', '$/x@v1', '$/../x', './a/../../b', 'a/b', 'a@v1', 'a/b/../c@v1', ''])(
    'refuses %j',
    (uses) => {
      expect(parseReference(uses).kind).toBe('invalid');
    },
  );
});

describe('permissions', () => {
  it('takes scopes that are not named for none', () => {
    expect(readPermissions(mapping({ contents: 'read', issues: 'none' }))).toEqual({
      contents: 'read',
    });
    expect(readPermissions(mapping({}))).toEqual({});
  });

  it('spells out the shorthands within what each scope allows', () => {
    const all = readPermissions(scalar('write-all'));
    expect(all).toMatchObject({ contents: 'write', 'id-token': 'write', models: 'read' });
    const read = readPermissions(scalar('read-all'));
    expect(read).not.toHaveProperty('id-token');
    expect(excessPermissions(read, all)).toEqual([]);
  });

  it.each([
    [{ contents: 'read' }, { contents: 'write' }, 0],
    [{ contents: 'write' }, { contents: 'read' }, 1],
    [{ 'id-token': 'write', actions: 'read' }, {}, 2],
    [{}, {}, 0],
  ])('%j asked of %j', (asked, allowed, excess) => {
    expect(excessPermissions(asked, allowed)).toHaveLength(excess);
  });

  it('words the excess as GitHub does', () => {
    expect(excessPermissions({ deployments: 'write' }, { deployments: 'read' })).toEqual([
      "is requesting 'deployments: write', but is only allowed 'deployments: read'",
    ]);
  });
});

const input = (type: InputDefinition['type'], more: Partial<InputDefinition> = {}) => ({
  name: 'x',
  at,
  type,
  required: false,
  default: undefined,
  options: [],
  ...more,
});

describe('the inputs of a called workflow', () => {
  it.each([
    ['boolean', true, true],
    ['boolean', 'true', undefined],
    ['boolean', 12, undefined],
    ['number', 1.5, 1.5],
    ['number', 'abc', undefined],
    ['number', '5', undefined],
    ['string', 5, '5'],
    ['string', true, 'true'],
    ['string', null, ''],
    ['string', [1], undefined],
  ] as const)('%s takes %j as %j', (type, given, expected) => {
    const accepted = acceptInput(input(type), given);
    expect(accepted.ok ? accepted.value : undefined).toEqual(expected);
  });

  it('fills in defaults, which may be expressions, and the empty value of each type', () => {
    const template: Node = { kind: 'template', at, segments: splitSegments('${{ github.sha }}') };
    const definitions = [
      input('string', { name: 'sha', default: template }),
      input('boolean', { name: 'dry' }),
      input('number', { name: 'waves' }),
      input('string', { name: 'text' }),
    ];
    const scope = { contexts: { github: { sha: 'abc' } } };
    expect(callInputs(definitions, undefined, scope, scope)).toEqual({
      sha: 'abc',
      dry: false,
      waves: 0,
      text: '',
    });
  });

  it('names the line of a computed value of the wrong type', () => {
    const value: Node = { kind: 'template', at, segments: splitSegments('${{ github.sha }}') };
    const given = { kind: 'mapping', at, entries: [{ key: 'X', at, value }] } as const;
    const scope = { contexts: { github: { sha: 'abc' } } };
    expect(() => callInputs([input('number')], given, scope, scope)).toThrow(
      "ci.yml:3:7: input 'x' takes a number, not 'abc'",
    );
  });
});

describe('the inputs of a manual start', () => {
  it('reads texts as the form sends them', () => {
    const definitions = [
      input('boolean', { name: 'dry' }),
      input('number', { name: 'n' }),
      input('choice', { name: 'to', options: ['a', 'b'] }),
      input('environment', { name: 'env' }),
      input('string', { name: 's', default: scalar('d') }),
    ];
    const given = { DRY: 'true', n: '4', to: 'b', env: 'prod' };
    expect(dispatchInputs(definitions, given, at)).toEqual({
      inputs: { dry: true, n: 4, to: 'b', env: 'prod', s: 'd' },
      problems: [],
    });
  });

  it('reports every problem with its line', () => {
    const definitions = [
      input('boolean', { name: 'dry' }),
      input('choice', { name: 'to', options: ['a'] }),
      input('string', { name: 'must', required: true }),
    ];
    const { problems } = dispatchInputs(definitions, { dry: 'yes', to: 'z', what: 1 }, at);
    expect(problems).toEqual([
      "ci.yml:3:7: the workflow has no input 'what'",
      "ci.yml:3:7: input 'dry' takes true or false, not 'yes'",
      "ci.yml:3:7: input 'to' takes one of a, not 'z'",
      "ci.yml:3:7: input 'must' is required",
    ]);
  });
});
