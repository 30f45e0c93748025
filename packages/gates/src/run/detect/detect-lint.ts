import { anyFile, dependencyKey, iniSection, manifestOf, tomlTable } from './markers.ts';
import { planFrom } from './project.ts';
import type { Detected, Detector, Project, ToolPlan } from './project.ts';

interface Linter {
  readonly tool: string;
  readonly program: string;
  /** The npm package, when it is one. */
  readonly npm?: string;
  readonly format: string;
  readonly args: (project: Project) => readonly string[];
  readonly completeWith: readonly number[];
  /** What decides that the project is set up for it. */
  readonly marker: (project: Project) => string | undefined;
}

const eslintFiles = [
  ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`),
  ...['', '.js', '.cjs', '.yaml', '.yml', '.json'].map((extension) => `.eslintrc${extension}`),
];

const linters: readonly Linter[] = [
  {
    tool: 'Ruff',
    program: 'ruff',
    format: 'ruff-json',
    args: () => ['check', '--output-format=json', '--no-fix', '--quiet', '.'],
    completeWith: [0, 1],
    marker: (project) =>
      anyFile(project, ['ruff.toml', '.ruff.toml']) ?? tomlTable(project, 'tool', 'ruff'),
  },
  {
    tool: 'Flake8',
    program: 'flake8',
    format: 'flake8',
    args: () => ['--format=default', '--color=never'],
    completeWith: [0, 1],
    marker: (project) =>
      iniSection(project, ['.flake8', 'setup.cfg', 'tox.ini'], 'flake8') ??
      anyFile(project, ['.flake8']),
  },
  {
    tool: 'mypy',
    program: 'mypy',
    format: 'mypy',
    args: (project) => [
      '--no-pretty',
      '--no-color-output',
      '--no-error-summary',
      '--hide-error-context',
      '--show-column-numbers',
      '--show-error-codes',
      // Without files of its own in its settings, mypy wants to be told.
      ...(namesFiles(project) ? [] : ['.']),
    ],
    completeWith: [0, 1],
    marker: (project) =>
      anyFile(project, ['mypy.ini', '.mypy.ini']) ??
      tomlTable(project, 'tool', 'mypy') ??
      iniSection(project, ['setup.cfg'], 'mypy'),
  },
  {
    tool: 'ESLint',
    program: 'eslint',
    npm: 'eslint',
    format: 'eslint-json',
    args: () => ['--format', 'json', '.'],
    completeWith: [0, 1],
    marker: (project) => anyFile(project, eslintFiles) ?? manifestKey(project, 'eslintConfig'),
  },
  {
    tool: 'Biome',
    program: 'biome',
    npm: '@biomejs/biome',
    format: 'checkstyle',
    args: () => ['lint', '--reporter=checkstyle', '--max-diagnostics=none', '.'],
    completeWith: [0, 1],
    marker: (project) =>
      anyFile(project, ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc']),
  },
  {
    tool: 'TypeScript',
    program: 'tsc',
    npm: 'typescript',
    format: 'tsc',
    args: (project) => [
      ...(isSolution(project) ? ['-b', '--noEmit'] : ['-p', 'tsconfig.json', '--noEmit']),
      '--pretty',
      'false',
    ],
    completeWith: [0, 1, 2],
    // An editor may have left the file; only a dependency says that the project wants to be checked.
    marker: (project) =>
      anyFile(project, ['tsconfig.json']) !== undefined &&
      dependencyKey(project, 'typescript') !== undefined
        ? 'tsconfig.json'
        : undefined,
  },
];

function manifestKey(project: Project, key: string): string | undefined {
  return manifestOf(project).keys.has(key) ? `package.json: ${key}` : undefined;
}

function namesFiles(project: Project): boolean {
  const files = ['mypy.ini', '.mypy.ini', 'setup.cfg'].map((file) => project.texts.get(file) ?? '');
  const declared = /^\s*(?:files|packages|modules)\s*=/m;
  return (
    files.some((text) => declared.test(text)) ||
    ['files', 'packages', 'modules'].some((key) => tomlTable(project, 'tool', 'mypy', key))
  );
}

/** A tsconfig.json that only points at others. */
function isSolution(project: Project): boolean {
  const text = project.texts.get('tsconfig.json') ?? '';
  return /"references"\s*:/.test(text) && /"files"\s*:\s*\[\s*\]/.test(text);
}

function detector(linter: Linter): Detector {
  const { tool, program, npm, format, args, completeWith, marker } = linter;
  const detect = (project: Project): Detected => {
    const decidedBy = marker(project);
    if (decidedBy === undefined) return undefined;
    const found = project.programs.get(program);
    if (found === undefined) {
      return { kind: 'gap', problem: `${decidedBy} asks for ${tool}, which is not installed` };
    }
    const version = npm === undefined ? undefined : project.packages.get(npm);
    return {
      kind: 'steps',
      steps: [
        {
          tool,
          argv: [found.path, ...args(project)],
          decidedBy,
          ...(version === undefined ? {} : { version }),
          completeWith,
          reports: [{ from: 'stdout', name: `${program}.report`, format, coverage: false }],
        },
      ],
    };
  };
  return { tool, detect };
}

/** The linters that the project is set up for. */
export function planLint(project: Project): ToolPlan {
  return planFrom('lint', linters.map(detector), project);
}
