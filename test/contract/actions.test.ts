import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { allInputs, allOutputs } from '@gatewright/contract';
import type { ActionContract } from '@gatewright/contract';
import { parse } from 'yaml';
import * as z from 'zod';

/** What GitHub reads of an action.yml; parsed here without the code that renders it. */
const actionYml = z.object({
  name: z.string(),
  description: z.string(),
  inputs: z.record(
    z.string(),
    z.object({
      description: z.string().min(10),
      required: z.boolean().optional(),
      default: z.string().optional(),
    }),
  ),
  outputs: z.record(z.string(), z.object({ description: z.string().min(10) })),
  runs: z.object({
    using: z.literal('node24'),
    main: z.literal('dist/index.js'),
    post: z.string().optional(),
    'post-if': z.string().optional(),
  }),
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const actions = readdirSync(join(root, 'actions'));
const contracts = new Map<string, ActionContract>();

beforeAll(async () => {
  for (const action of actions) {
    const { contract } = await import(`../../actions/${action}/src/contract.ts`);
    contracts.set(action, contract);
  }
});

describe.each(actions)('actions/%s', (action) => {
  const contract = (): ActionContract => {
    const found = contracts.get(action);
    if (found === undefined) throw new Error(`no contract of ${action}`);
    return found;
  };
  const yml = (): z.infer<typeof actionYml> =>
    actionYml.parse(parse(text(`actions/${action}/action.yml`)));

  it('is named after its folder', () => {
    expect(contract().name).toBe(action);
  });

  it('has in action.yml exactly the inputs and outputs of its contract', () => {
    expect(Object.keys(yml().inputs).toSorted()).toEqual(
      Object.keys(allInputs(contract())).toSorted(),
    );
    expect(Object.keys(yml().outputs).toSorted()).toEqual(
      Object.keys(allOutputs(contract())).toSorted(),
    );
  });

  it('has a default or says that it is required, for every input', () => {
    const unclear = Object.entries(yml().inputs).filter(
      ([, input]) => input.required === true && input.default !== undefined,
    );
    expect(unclear).toEqual([]);
  });

  it('names every input, output and reason code in its README and on the reference page', () => {
    const names = [
      ...Object.keys(allInputs(contract())),
      ...Object.keys(allOutputs(contract())),
      ...contract().reasonCodes,
    ];
    const readme = text(`actions/${action}/README.md`);
    const reference = text('docs/reference/actions.md');
    expect(names.filter((name) => !readme.includes(name))).toEqual([]);
    expect(names.filter((name) => !reference.includes(name))).toEqual([]);
  });

  it('tells people what it is before the tables begin', () => {
    const [head = ''] = text(`actions/${action}/README.md`).split('<!-- generated:start -->');
    expect(head.length).toBeGreaterThan(200);
    expect(head).toContain(`actions/${action}`);
  });
});
