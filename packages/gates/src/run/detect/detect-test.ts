import {
  anyFile,
  dependencyKey,
  iniSection,
  manifestOf,
  mentions,
  plainWords,
  pythonManifests,
  tomlTable,
} from './markers.ts';
import { planFrom, scratch } from './project.ts';
import type { Detected, Project, StepReport, ToolPlan, ToolStep } from './project.ts';

const scripts = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'];
const configs = (name: string): string[] => scripts.map((extension) => `${name}.${extension}`);
const junit = (name: string): StepReport => ({
  from: 'file',
  name,
  format: 'junit',
  coverage: false,
});
const coverage = (name: string): StepReport => ({ from: 'file', name, coverage: true });

function pytest(project: Project): Detected {
  const decidedBy =
    tomlTable(project, 'tool', 'pytest') ??
    anyFile(project, ['pytest.ini', '.pytest.ini', 'conftest.py', 'pytest.toml']) ??
    iniSection(project, ['setup.cfg'], 'tool:pytest') ??
    iniSection(project, ['tox.ini'], 'pytest') ??
    mentions(project, pythonManifests(project), 'pytest');
  if (decidedBy === undefined) return undefined;
  const program = project.programs.get('pytest');
  if (program === undefined) return missing(decidedBy, 'pytest');
  const base = { tool: 'pytest', decidedBy, completeWith: [0, 1] } as const;
  const report = `--junitxml=${scratch}/pytest.xml`;
  const covering = project.programs.get('coverage');
  if (covering === undefined) {
    const argv = [program.path, report] as const;
    const note = 'No coverage: neither pytest-cov nor coverage is installed.';
    return { kind: 'steps', steps: [{ ...base, argv, reports: [junit('pytest.xml')] }], note };
  }
  if (mentions(project, pythonManifests(project), 'pytest-cov') !== undefined) {
    const cover = ['--cov', `--cov-report=json:${scratch}/pytest-coverage.json`];
    const reports = [junit('pytest.xml'), coverage('pytest-coverage.json')];
    return { kind: 'steps', steps: [{ ...base, argv: [program.path, report, ...cover], reports }] };
  }
  const json: ToolStep = {
    tool: 'coverage.py',
    argv: [covering.path, 'json', '--fail-under=0', '-o', `${scratch}/pytest-coverage.json`],
    decidedBy,
    completeWith: [0],
    reports: [coverage('pytest-coverage.json')],
  };
  const argv = [covering.path, 'run', '-m', 'pytest', report] as const;
  return { kind: 'steps', steps: [{ ...base, argv, reports: [junit('pytest.xml')] }, json] };
}

function jest(project: Project): Detected {
  const decidedBy =
    anyFile(project, [...configs('jest.config'), 'jest.config.json']) ??
    (manifestOf(project).keys.has('jest') ? 'package.json: jest' : undefined) ??
    scriptThatRuns(project, 'jest') ??
    dependencyKey(project, 'jest');
  if (decidedBy === undefined) return undefined;
  const program = project.programs.get('jest');
  if (program === undefined) return missing(decidedBy, 'Jest');
  const version = project.packages.get('jest');
  const cover = [
    '--coverage',
    '--coverageReporters=json',
    `--coverageDirectory=${scratch}/jest-coverage`,
    // Its own limits are not ours, and a failure by them could not be told from one by a test.
    '--coverageThreshold={}',
  ];
  const base = {
    tool: 'Jest',
    decidedBy,
    ...(version === undefined ? {} : { version }),
    completeWith: [0, 1],
  };
  const coverageReport = coverage('jest-coverage/coverage-final.json');
  if (project.packages.has('jest-junit')) {
    const argv = [
      program.path,
      '--ci',
      '--reporters=default',
      '--reporters=jest-junit',
      ...cover,
    ] as const;
    const env = {
      JEST_JUNIT_OUTPUT_FILE: `${scratch}/jest.xml`,
      // A file that cannot be loaded must not vanish (F15).
      JEST_JUNIT_REPORT_TEST_SUITE_ERRORS: 'true',
      JEST_JUNIT_ADD_FILE_ATTRIBUTE: 'true',
    };
    return {
      kind: 'steps',
      steps: [{ ...base, argv, env, reports: [junit('jest.xml'), coverageReport] }],
    };
  }
  const argv = [
    program.path,
    '--ci',
    '--json',
    `--outputFile=${scratch}/jest.json`,
    ...cover,
  ] as const;
  const own: StepReport = { from: 'file', name: 'jest.json', format: 'jest-json', coverage: false };
  const note = 'jest-junit is not installed, so the JSON of Jest itself is read.';
  return { kind: 'steps', steps: [{ ...base, argv, reports: [own, coverageReport] }], note };
}

function vitest(project: Project): Detected {
  const decidedBy =
    anyFile(project, configs('vitest.config')) ??
    scriptThatRuns(project, 'vitest') ??
    dependencyKey(project, 'vitest');
  if (decidedBy === undefined) return undefined;
  const program = project.programs.get('vitest');
  if (program === undefined) return missing(decidedBy, 'Vitest');
  const version = project.packages.get('vitest');
  const provider = ['@vitest/coverage-v8', '@vitest/coverage-istanbul'].find((name) =>
    project.packages.has(name),
  );
  const cover = [
    '--coverage.enabled',
    '--coverage.reporter=json',
    `--coverage.reportsDirectory=${scratch}/vitest-coverage`,
  ];
  const argv = [
    program.path,
    'run',
    '--reporter=default',
    '--reporter=junit',
    `--outputFile.junit=${scratch}/vitest.xml`,
    ...(provider === undefined ? [] : cover),
  ] as const;
  const step: ToolStep = {
    tool: 'Vitest',
    argv,
    decidedBy,
    ...(version === undefined ? {} : { version }),
    completeWith: [0, 1],
    reports: [
      junit('vitest.xml'),
      ...(provider === undefined ? [] : [coverage('vitest-coverage/coverage-final.json')]),
    ],
  };
  const note =
    'No coverage: neither @vitest/coverage-v8 nor @vitest/coverage-istanbul is installed.';
  return { kind: 'steps', steps: [step], ...(provider === undefined ? { note } : {}) };
}

/** Where `node --test` writes what a reporter says. */
const reportTo = (reporter: string, destination: string): string[] => [
  `--test-reporter=${reporter}`,
  `--test-reporter-destination=${destination}`,
];

function nodeTest(project: Project): Detected {
  const script = manifestOf(project).scripts['test'] ?? '';
  if (!/(?:^|\s)node\s[^&|;]*--test(?:\s|$)/.test(script)) return undefined;
  const decidedBy = 'package.json: scripts.test';
  const [first, ...words] = plainWords(script) ?? [];
  if (first !== 'node') {
    const problem = `${decidedBy} runs node --test in a way that needs a shell; give it as command`;
    return { kind: 'gap', problem };
  }
  const program = project.programs.get('node');
  if (program === undefined) return missing(decidedBy, 'Node');
  const step: ToolStep = {
    tool: 'node:test',
    argv: [
      program.path,
      '--experimental-test-coverage',
      ...reportTo('spec', 'stdout'),
      ...reportTo('junit', `${scratch}/node-test.xml`),
      ...reportTo('lcov', `${scratch}/node-test.lcov`),
      ...words,
    ],
    decidedBy,
    completeWith: [0, 1],
    reports: [junit('node-test.xml'), coverage('node-test.lcov')],
  };
  return { kind: 'steps', steps: [step] };
}

function scriptThatRuns(project: Project, program: string): string | undefined {
  const script = manifestOf(project).scripts['test'] ?? '';
  const runs = new RegExp(`(?:^|[\\s/])${program}(?:\\s|$)`).test(script);
  return runs ? 'package.json: scripts.test' : undefined;
}

function missing(decidedBy: string, tool: string): Detected {
  return { kind: 'gap', problem: `${decidedBy} asks for ${tool}, which is not installed` };
}

const detectors = [
  { tool: 'pytest', detect: pytest },
  { tool: 'Jest', detect: jest },
  { tool: 'Vitest', detect: vitest },
  { tool: 'node:test', detect: nodeTest },
];

/** The test runners that the project is set up for. */
export function planTest(project: Project): ToolPlan {
  return planFrom('test', detectors, project);
}
