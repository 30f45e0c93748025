import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { readBase } from './read-base.ts';
import { makeTree } from './test-support.ts';
import type { Tree } from './test-support.ts';

const result = {
  schema: 'gatewright.result/1',
  gate: 'lint',
  verdict: 'fail',
  reasonCode: 'lint-failed',
  explanation: 'One finding.',
  evidence: [],
  counts: { error: 1, warning: 0, note: 0, notAnalysed: 0, suppressed: 0, waived: 0 },
  findings: [],
  findingsOmitted: 0,
  waived: [],
  policy: { source: 'defaults', digest: '0'.repeat(64) },
};

describe('a base result', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = makeTree();
  });
  afterEach(() => tree.remove());
  const read = (text: string) => {
    tree.write({ 'base.json': text });
    return readBase(join(tree.root, 'base.json'), 'base.json', 'lint');
  };

  it('is the result of the same gate, whether it passed or failed', async () => {
    expect((await read(JSON.stringify(result))).verdict).toBe('fail');
  });

  it.each([
    ['', 'no JSON object'],
    ['{"gate":"lint"', 'no JSON object'],
    ['[]', 'no JSON object'],
    [JSON.stringify({ ...result, counts: {} }), 'it is not the result of a gate (counts)'],
    [JSON.stringify({ ...result, gate: 'test' }), 'it is the result of the test gate'],
    [JSON.stringify({ ...result, verdict: 'error' }), 'its verdict is error'],
    [JSON.stringify({ ...result, findingsOmitted: 3 }), '3 of its findings are not listed'],
  ])('is not %s', async (text, why) => {
    await expect(read(text)).rejects.toMatchObject({
      reasonCode: 'base-unusable',
      message: expect.stringContaining(why),
    });
  });

  it('that is not there cannot be compared with', async () => {
    await expect(readBase(join(tree.root, 'x'), 'x', 'lint')).rejects.toThrow('ENOENT');
    await expect(readBase(tree.root, 'x', 'lint')).rejects.toMatchObject({
      reasonCode: 'base-unusable',
    });
  });
});
