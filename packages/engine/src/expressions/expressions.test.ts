import { describe, expect, it } from '@jest/globals';
import type { Json } from './data.ts';
import { evaluateCondition, evaluateExpression, evaluateNode } from './evaluate.ts';
import { completeCondition, unsupportedIn } from './inspect.ts';
import { splitSegments } from '../syntax/segments.ts';

const at = { file: 'ci.yml', line: 3, column: 7 };
const contexts = {
  github: { ref: 'refs/heads/main', event: { inputs: { a: 'x' } } },
  needs: { a: { result: 'success', outputs: { v: '1' } }, b: { result: 'failure', outputs: {} } },
  inputs: { dry: false, waves: 2, name: 'Prod' },
};

describe('evaluateExpression', () => {
  it.each<[string, Json]>([
    ["github.ref == 'REFS/heads/main'", true],
    ['inputs.waves', 2],
    ['inputs.dry', false],
    ['needs.*.result', ['success', 'failure']],
    ["contains(needs.*.result, 'failure')", true],
    ['needs.a.outputs.nothing', null],
    ["inputs.dry && 'yes' || 'no'", 'no'],
    ["format('{0}-{1}', inputs.name, inputs.waves)", 'Prod-2'],
    ['fromJSON(\'{"a":[1]}\').a[0]', 1],
    ['toJSON(github.event.inputs)', '{\n  "a": "x"\n}'],
    ["join(needs.*.result, '+')", 'success+failure'],
    ["case(inputs.dry, 'dry', 'wet')", 'wet'],
    ['env.NOPE', null],
  ])('%s', (expression, expected) => {
    expect(evaluateExpression(expression, { contexts }, at)).toEqual(expected);
  });

  it('names the place of what cannot be evaluated', () => {
    expect(() => evaluateExpression("fromJSON('')", { contexts }, at)).toThrow(
      /^ci\.yml:3:7: \$\{\{ fromJSON/,
    );
  });
});

it.each([
  ['true', true],
  ["''", false],
  ['0', false],
  ['github', true],
  ['failure()', true],
  ['success() || cancelled()', false],
])('the condition %s', (expression, expected) => {
  const status = { success: () => false, failure: () => true, cancelled: () => false };
  expect(evaluateCondition(expression, { contexts, status }, at)).toBe(expected);
});

it.each([
  ['', 'success()'],
  ['  ', 'success()'],
  ["github.ref == 'x'", "success() && (github.ref == 'x')"],
  ["contains('success()', 'x')", "success() && (contains('success()', 'x'))"],
  ['!cancelled()', '!cancelled()'],
  ["github.ref == 'x' && (failure() || always())", "github.ref == 'x' && (failure() || always())"],
])('completes the condition %j', (text, expected) => {
  expect(completeCondition(text)).toBe(expected);
});

it.each([
  ['secrets.GITHUB_TOKEN', undefined],
  ['secrets.github_token', undefined],
  ["secrets['GITHUB_TOKEN']", undefined],
  ['secrets.OTHER', 'secrets.OTHER'],
  ['toJSON(secrets)', 'the secrets context'],
  ['secrets[github.ref]', 'secrets.*'],
  ["inputs.a && hashFiles('x')", 'hashFiles()'],
  ["failure('a')", 'failure() with arguments'],
  ["format('{0}', always())", undefined],
])('what is unsupported in %s', (expression, expected) => {
  const complaint = unsupportedIn(expression) ?? 'nothing';
  expect(complaint).toContain(expected ?? 'nothing');
});

describe('splitSegments', () => {
  it.each([
    ['plain', ['plain']],
    ['${{ a }}', [{ expression: 'a' }]],
    ["a ${{ '}}' }} b", ['a ', { expression: "'}}'" }, ' b']],
    ["${{ 'it''s' }}${{ b }}", [{ expression: "'it''s'" }, { expression: 'b' }]],
    ['{{ not }} ${ this }', ['{{ not }} ${ this }']],
    ['open ${{ a', ['open ${{ a']],
  ])('%j', (text, expected) => {
    expect(splitSegments(text)).toEqual(expected);
  });
});

const node = (text: string) => ({ kind: 'template', at, segments: splitSegments(text) }) as const;

it('keeps the type of a lone expression and makes a text of a mixed one', () => {
  expect(evaluateNode(node('${{ inputs.waves }}'), { contexts })).toBe(2);
  expect(evaluateNode(node('n=${{ inputs.waves }}'), { contexts })).toBe('n=2');
  expect(evaluateNode(node('${{ inputs.dry }}${{ inputs.none }}'), { contexts })).toBe('false');
});
