import { describe, expect, it } from '@jest/globals';
import { refusal, refusalOf, inShort, readJson } from './test-support.ts';
import type { ReadLint } from './test-support.ts';

type Json = Readonly<Record<string, unknown>>;

const runOf = (results: unknown, more: Json = {}): Json => ({
  tool: { driver: { name: 'Linter' } },
  results,
  ...more,
});
const readRuns = (...runs: readonly Json[]): Promise<ReadLint> =>
  readJson({ version: '2.1.0', runs });
const readResults = (results: readonly Json[], more: Json = {}): Promise<ReadLint> =>
  readRuns(runOf(results, more));
const result = (more: Json = {}): Json => ({ ruleId: 'R1', message: { text: 'bad' }, ...more });
const at = (artifactLocation: Json, region: Json = { startLine: 3, startColumn: 2 }): Json => ({
  locations: [{ physicalLocation: { artifactLocation, region } }],
});

describe('the level of a SARIF result', () => {
  const driver = {
    name: 'Linter',
    rules: [
      { id: 'R1', defaultConfiguration: { level: 'error' } },
      { id: 'R2', defaultConfiguration: { level: 'note' } },
      { id: 'R3' },
      { id: 'R4', defaultConfiguration: { level: 'none' } },
    ],
  };
  const extensions = [
    { name: 'Plug', guid: 'g1', rules: [{ id: 'P1', defaultConfiguration: { level: 'error' } }] },
  ];
  const levelOf = async (part: Json, more: Json = {}): Promise<string | undefined> => {
    const one = { message: { text: 'bad' }, ...part };
    const { items } = await readResults([one], { tool: { driver, extensions }, ...more });
    return items[0] && `${items[0].ruleId} ${items[0].level}`;
  };

  it.each([
    ['its own before that of the rule', { ruleId: 'R1', level: 'note' }, 'R1 note'],
    ['of the rule by id', { ruleId: 'R1' }, 'R1 error'],
    ['of the rule by index', { ruleIndex: 1 }, 'R2 note'],
    ['of the rule by id and index', { ruleId: 'R2', ruleIndex: 1 }, 'R2 note'],
    ['of the rule by the beginning of its id', { ruleId: 'R1/sub/3' }, 'R1/sub/3 error'],
    ['of the rule by reference', { rule: { index: 0 } }, 'R1 error'],
    ['of a rule in an extension, by id', { ruleId: 'P1' }, 'P1 error'],
    [
      'of a rule in an extension, by index',
      { rule: { index: 0, toolComponent: { index: 0 } } },
      'P1 error',
    ],
    [
      'of a rule in an extension, by name',
      { ruleId: 'P1', rule: { toolComponent: { name: 'Plug' } } },
      'P1 error',
    ],
    [
      'of a rule in an extension, by guid',
      { ruleId: 'P1', ruleIndex: 0, rule: { toolComponent: { guid: 'g1' } } },
      'P1 error',
    ],
    ['warning when the rule has none', { ruleId: 'R3' }, 'R3 warning'],
    ['warning when the rule is not described', { ruleId: 'X9' }, 'X9 warning'],
    ['warning when there is no rule', {}, 'no-rule warning'],
    ['note when it is none and the result still fails', { ruleId: 'R4' }, 'R4 note'],
    ['warning for an index of -1, which means none', { ruleId: 'R3', ruleIndex: -1 }, 'R3 warning'],
  ])('is %s', async (_, part, expected) => {
    expect(await levelOf(part)).toBe(expected);
  });

  it('is the override of its invocation before the default of the rule', async () => {
    const invocations = [
      {
        executionSuccessful: true,
        ruleConfigurationOverrides: [
          { descriptor: { id: 'R2' }, configuration: { level: 'error' } },
        ],
      },
    ];
    const provenance = { invocationIndex: 0 };
    expect(await levelOf({ ruleId: 'R2', provenance }, { invocations })).toBe('R2 error');
    expect(await levelOf({ ruleId: 'R2' }, { invocations })).toBe('R2 note');
    expect(await levelOf({ ruleId: 'R2', provenance, level: 'warning' }, { invocations })).toBe(
      'R2 warning',
    );
  });

  it.each([
    ['an index beyond the rules', { ruleIndex: 9 }],
    ['an id that is not the one at the index', { ruleId: 'R1', ruleIndex: 1 }],
    ['an extension that is not there', { ruleId: 'P1', rule: { toolComponent: { index: 4 } } }],
  ])('is not guessed for %s', async (_, part) => {
    const reading = levelOf(part).then(() => readResults([]));
    expect(await refusalOf(reading)).toMatchObject(
      refusal('report-contradictory', /runs\[0\]\.results\[0\]/),
    );
  });

  it('is refused when it is no level', async () => {
    const reading = readResults([result({ level: 'fatal' })]);
    expect(await refusalOf(reading)).toMatchObject(
      refusal('report-malformed', /results\[0\]\.level: error or warning/),
    );
  });
});

describe('SARIF results that are no findings', () => {
  it('leaves out every kind but fail', async () => {
    const kinds = ['pass', 'open', 'informational', 'notApplicable', 'review'];
    const { items, evidence } = await readResults([
      ...kinds.map((kind) => result({ kind })),
      result({ kind: 'fail' }),
      result(),
    ]);
    expect([items.length, evidence.items]).toEqual([2, 2]);
  });

  it('leaves out what the tool says is gone since its baseline', async () => {
    const states = ['new', 'unchanged', 'updated', 'absent'];
    const { items } = await readResults(
      states.map((baselineState) => result({ baselineState, ruleId: baselineState })),
    );
    expect(items.map(({ ruleId }) => ruleId)).toEqual(['new', 'unchanged', 'updated']);
  });

  it.each([
    ['without a status, which means accepted', [{ kind: 'inSource' }], 'suppressed'],
    ['accepted', [{ kind: 'external', status: 'accepted' }], 'suppressed'],
    ['under review', [{ kind: 'external', status: 'underReview' }], 'lint'],
    ['rejected', [{ kind: 'external', status: 'rejected' }], 'lint'],
    ['accepted and rejected', [{ kind: 'inSource' }, { status: 'rejected' }], 'lint'],
    ['none', [], 'lint'],
  ])('suppression %s', async (_, suppressions, kind) => {
    expect((await readResults([result({ suppressions })])).items).toMatchObject([{ kind }]);
  });

  it('refuses words that the standard does not have', async () => {
    const suppressions = [{ status: 'maybe' }];
    expect(await refusalOf(readResults([result({ kind: 'odd' })]))).toMatchObject(
      refusal('report-malformed', /\.kind/),
    );
    expect(await refusalOf(readResults([result({ suppressions })]))).toMatchObject(
      refusal('report-malformed', /\.status/),
    );
  });
});

describe('the message of a SARIF result', () => {
  const driver = {
    name: 'Linter',
    rules: [{ id: 'R1', messageStrings: { found: { text: "{0} isn't {1}; {{0}} is text" } } }],
    globalMessageStrings: { shared: { text: 'shared {0}' } },
  };
  const messageOf = async (message: Json): Promise<string | undefined> =>
    (await readResults([result({ message })], { tool: { driver } })).items[0]?.message;

  it('fills a template of the rule or the tool', async () => {
    const parts = ['a', 'b'];
    expect(await messageOf({ id: 'found', arguments: parts })).toBe("a isn't b; {0} is text");
    expect(await messageOf({ id: 'shared', arguments: ['x'] })).toBe('shared x');
    expect(await messageOf({ text: 'is {0}', arguments: ['x'] })).toBe('is x');
  });

  it('keeps placeholders that nothing fills, and braces of plain texts', async () => {
    expect(await messageOf({ id: 'shared' })).toBe('shared {0}');
    expect(await messageOf({ text: 'use {{ x }} or {0}' })).toBe('use {{ x }} or {0}');
    expect(await messageOf({ id: '__proto__' })).toBe('__proto__');
  });

  it('is one safe line', async () => {
    expect(await messageOf({ text: 'a\n::error::b\u001b[31m\u202e' })).toBe('a ::error::b');
  });

  it('refuses a result without any', async () => {
    expect(await refusalOf(readResults([{ ruleId: 'R1' }]))).toMatchObject(
      refusal('report-malformed', /results\[0\]\.message/),
    );
  });
});

describe('the place of a SARIF result', () => {
  const originalUriBaseIds = {
    ROOT: { uri: 'file:///work-tree/' },
    SRC: { uri: 'packages/', uriBaseId: 'ROOT' },
    APP: { uri: 'app', uriBaseId: 'SRC' },
    LOOP: { uri: 'x/', uriBaseId: 'LOOP' },
    UNSAID: { description: { text: 'where the sources are' } },
  };
  const artifacts = [{ location: { uri: 'lib/by-index.ts', uriBaseId: 'SRC' } }];
  const placeOf = (artifactLocation: Json, region?: Json): Promise<ReadLint> =>
    readResults([result(at(artifactLocation, region))], { originalUriBaseIds, artifacts });
  const pathOf = async (artifactLocation: Json): Promise<string | undefined> =>
    (await placeOf(artifactLocation)).items[0]?.path;

  it.each([
    ['relative', { uri: 'src/a.ts' }, 'src/a.ts'],
    ['absolute', { uri: '/work-tree/src/a.ts' }, 'src/a.ts'],
    ['a file URI', { uri: 'file:///work-tree/src/a.ts' }, 'src/a.ts'],
    ['encoded', { uri: 'src/Gr%C3%BC%C3%9Fe%20b.ts' }, 'src/Grüße b.ts'],
    ['encoded in a file URI', { uri: 'file:///work-tree/a%20b.ts' }, 'a b.ts'],
    ['not encoded as it should be', { uri: 'src/100%.ts' }, 'src/100%.ts'],
    ['of a base', { uri: 'a.ts', uriBaseId: 'ROOT' }, 'a.ts'],
    [
      'of a base of a base, one without a slash',
      { uri: 'a.ts', uriBaseId: 'APP' },
      'packages/app/a.ts',
    ],
    ['of a base without a URI', { uri: 'a.ts', uriBaseId: 'UNSAID' }, 'a.ts'],
    ['of a base that is not said', { uri: 'a.ts', uriBaseId: '%SRCROOT%' }, 'a.ts'],
    ['absolute in spite of a base', { uri: 'file:///work-tree/b.ts', uriBaseId: 'APP' }, 'b.ts'],
    ['by index', { index: 0 }, 'packages/lib/by-index.ts'],
    ['outside of the tree', { uri: '../../etc/passwd' }, undefined],
    ['outside through a base', { uri: '../../x', uriBaseId: 'ROOT' }, undefined],
    ['not in a file', { uri: 'https://example.com/a.ts' }, undefined],
  ])('is %s', async (_, location, expected) => {
    expect(await pathOf(location)).toBe(expected);
  });

  it('refuses bases that lead in a circle', async () => {
    const reading = placeOf({ uri: 'a.ts', uriBaseId: 'LOOP' });
    expect(await refusalOf(reading)).toMatchObject(
      refusal('report-malformed', /originalUriBaseIds\.LOOP/),
    );
  });

  it('keeps results without locations, and without a region', async () => {
    const { items } = await readResults([
      result(),
      result({ locations: [] }),
      result({ locations: [{ logicalLocations: [{ name: 'x' }] }] }),
      result({ locations: [{ physicalLocation: { artifactLocation: { uri: 'a.ts' } } }] }),
    ]);
    expect(inShort(items)).toEqual([
      'R1 warning ',
      'R1 warning ',
      'R1 warning ',
      'R1 warning a.ts',
    ]);
  });

  it('drops lines that are none', async () => {
    const { items } = await placeOf({ uri: 'a.ts' }, { startLine: 0, startColumn: -1 });
    expect(inShort(items)).toEqual(['R1 warning a.ts']);
  });

  it('has no line in a notebook, where the tool counts in the cells', async () => {
    expect(inShort((await placeOf({ uri: 'a.ipynb' })).items)).toEqual(['R1 warning a.ipynb']);
  });
});

const notification = (more: Json = {}): Json => ({
  level: 'error',
  message: { text: 'out of memory' },
  descriptor: { id: 'CRASH' },
  ...more,
});

describe('a SARIF run that did not come to its end', () => {
  it.each([
    ['has no results', undefined],
    ['has null for results', null],
  ])('%s', async (_, results) => {
    const invocations = [
      { executionSuccessful: true, toolExecutionNotifications: [notification()] },
    ];
    const reading = readRuns(runOf([]), runOf(results, { invocations }));
    expect(await refusalOf(reading)).toMatchObject(
      refusal('tool-failed', /runs\[1\]\.results: .*: out of memory$/),
    );
  });

  it('says that the execution failed, though there are results', async () => {
    const invocations = [{ executionSuccessful: true }, { executionSuccessful: false }];
    const reading = readResults([result()], { invocations });
    expect(await refusalOf(reading)).toMatchObject(
      refusal('tool-failed', /runs\[0\]\.invocations\[1\]/),
    );
  });

  it('was not started', async () => {
    const invocations = [{ processStartFailureMessage: 'not found' }];
    expect(await refusalOf(readResults([], { invocations }))).toMatchObject(
      refusal('tool-failed', /invocations\[0\]/),
    );
  });

  it.each(['toolExecutionNotifications', 'toolConfigurationNotifications'])(
    'has %s of level error: not analysed there',
    async (name) => {
      const list = [
        notification(at({ uri: 'src/a.ts' })),
        notification({ level: 'note' }),
        notification({ level: undefined, exception: { message: 'boom' } }),
      ];
      const invocations = [{ executionSuccessful: true, [name]: list }];
      const { items } = await readResults([], { invocations });
      expect(inShort(items)).toEqual([
        'not-analysed CRASH error src/a.ts:3:2',
        'not-analysed CRASH error ',
      ]);
    },
  );

  it.each([
    ['no runs', [], 'report-empty', /runs/],
    ['a run that is none', [3], 'report-malformed', /runs\[0\]: an object was expected/],
    ['runs without a tool', [{ results: [] }], 'report-malformed', /runs\[0\]\.tool/],
    ['results that are no list', [runOf({})], 'report-malformed', /runs\[0\]\.results/],
    [
      'results in another file',
      [runOf([], { externalPropertyFileReferences: { results: [{}] } })],
      'report-malformed',
      /externalPropertyFileReferences/,
    ],
  ])('is refused with %s', async (_, runs, reasonCode, message) => {
    expect(await refusalOf(readJson({ version: '2.1.0', runs }))).toMatchObject(
      refusal(reasonCode, message),
    );
  });

  it('is refused in another version', async () => {
    const reading = readJson({ version: '2.0.0', runs: [] });
    expect(await refusalOf(reading)).toMatchObject(refusal('report-unrecognised', /SARIF 2\.0\.0/));
  });
});

describe('SARIF of several runs and of linters that cannot parse', () => {
  it('reads every run by itself', async () => {
    const other = { tool: { driver: { name: 'Other' } }, results: [result({ ruleId: 'R2' })] };
    const { items, evidence } = await readRuns(runOf([result(), result()]), other);
    expect(items.map(({ tool, ruleId }) => `${tool} ${ruleId}`)).toEqual([
      'Linter R1',
      'Linter R1',
      'Other R2',
    ]);
    expect(evidence).toMatchObject({ format: 'sarif', items: 3 });
  });

  it('knows the syntax errors of ruff', async () => {
    const tool = { driver: { name: 'ruff', rules: [] } };
    const { items } = await readResults([result({ ruleId: 'invalid-syntax' })], { tool });
    expect(items).toMatchObject([{ kind: 'not-analysed' }]);
  });
});
