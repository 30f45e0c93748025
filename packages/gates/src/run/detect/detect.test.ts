import { describe, expect, it } from '@jest/globals';
import { describePlan } from './describe-plan.ts';
import { planAudit } from './detect-audit.ts';
import { planLint } from './detect-lint.ts';
import { planTest } from './detect-test.ts';
import type { Project, ToolPlan } from './project.ts';

interface Setup {
  readonly files?: Readonly<Record<string, string>>;
  readonly programs?: readonly string[];
  readonly packages?: Readonly<Record<string, string>>;
}
const project = ({ files = {}, programs = [], packages = {} }: Setup): Project => ({
  names: new Set(Object.keys(files)),
  texts: new Map(Object.entries(files)),
  programs: new Map(programs.map((name) => [name, { path: `/bin/${name}` }])),
  packages: new Map(Object.entries(packages)),
});
const steps = ({ steps: all }: ToolPlan) =>
  all.map(({ tool, decidedBy, argv }) => `${tool} <- ${decidedBy}: ${argv.join(' ')}`);
const manifest = (value: object) => ({ 'package.json': JSON.stringify(value) });

describe('the plan of the lint gate', () => {
  it.each<[string, Record<string, string>, string]>([
    ['ruff', { 'ruff.toml': '' }, 'Ruff <- ruff.toml'],
    [
      'ruff',
      { 'pyproject.toml': '[tool.ruff.lint]\nselect = ["E"]\n' },
      'Ruff <- pyproject.toml: tool.ruff',
    ],
    ['flake8', { 'setup.cfg': '[metadata]\n[flake8]\n' }, 'Flake8 <- setup.cfg: [flake8]'],
    ['mypy', { 'mypy.ini': '[mypy]\n' }, 'mypy <- mypy.ini'],
    ['eslint', { 'eslint.config.mjs': '' }, 'ESLint <- eslint.config.mjs'],
    ['eslint', manifest({ eslintConfig: {} }), 'ESLint <- package.json: eslintConfig'],
    ['biome', { 'biome.jsonc': '' }, 'Biome <- biome.jsonc'],
    [
      'tsc',
      { 'tsconfig.json': '{}', ...manifest({ devDependencies: { typescript: '5' } }) },
      'TypeScript <- tsconfig.json',
    ],
  ])('has %s because of %j', (program, files, expected) => {
    const plan = planLint(project({ files, programs: [program] }));
    expect(steps(plan)).toEqual([expect.stringContaining(`${expected}: /bin/${program} `)]);
    expect(plan.gaps).toEqual([]);
    const gap = planLint(project({ files })).gaps;
    expect(gap).toEqual([expect.stringContaining('which is not installed')]);
  });

  it('does not take installed programs or files of an editor for a wish', () => {
    const programs = ['ruff', 'flake8', 'mypy', 'eslint', 'biome', 'tsc'];
    const files = {
      'tsconfig.json': '{}',
      'pyproject.toml': '[tool.black]\n',
      'setup.cfg': '# [flake8]\n',
    };
    const plan = planLint(project({ files, programs }));
    expect(plan.steps).toEqual([]);
    expect(plan.undetected).toHaveLength(6);
  });

  it('is not confused by manifests that are not well-formed', () => {
    const files = { 'package.json': '{', 'pyproject.toml': '[tool.ruff', 'ruff.toml': '' };
    expect(steps(planLint(project({ files, programs: ['ruff'] })))).toHaveLength(1);
  });

  it('builds what a solution of TypeScript refers to', () => {
    const files = {
      'tsconfig.json': '{ "files": [], "references": [{ "path": "a" }] }',
      ...manifest({ devDependencies: { typescript: '5' } }),
    };
    const [step] = planLint(project({ files, programs: ['tsc'] })).steps;
    expect(step?.argv).toContain('-b');
  });
});

describe('the plan of the test gate', () => {
  it('runs pytest with pytest-cov when the project asks for it, else with coverage', () => {
    const files = { 'pyproject.toml': '[tool.pytest.ini_options]\n' };
    const programs = ['pytest', 'coverage'];
    expect(steps(planTest(project({ files, programs })))).toEqual([
      'pytest <- pyproject.toml: tool.pytest: /bin/coverage run -m pytest --junitxml={scratch}/pytest.xml',
      'coverage.py <- pyproject.toml: tool.pytest: /bin/coverage json --fail-under=0 -o {scratch}/pytest-coverage.json',
    ]);
    const asking = { ...files, 'requirements-dev.txt': 'pytest-cov==7.0.0\n' };
    expect(steps(planTest(project({ files: asking, programs })))).toEqual([
      expect.stringContaining('--cov --cov-report=json:'),
    ]);
    const plain = planTest(project({ files, programs: ['pytest'] }));
    expect(plain.notes).toEqual(['No coverage: neither pytest-cov nor coverage is installed.']);
  });

  it('reads jest-junit, or says that it reads the JSON of Jest', () => {
    const files = manifest({ devDependencies: { jest: '30' } });
    const junit = planTest(
      project({ files, programs: ['jest'], packages: { jest: '30.5.2', 'jest-junit': '17.0.0' } }),
    );
    expect(junit.steps[0]?.env).toMatchObject({ JEST_JUNIT_REPORT_TEST_SUITE_ERRORS: 'true' });
    expect(describePlan(junit)[0]).toContain(
      'Jest 30.5.2, because of package.json: devDependencies.jest',
    );
    const own = planTest(project({ files, programs: ['jest'] }));
    expect(own.steps[0]?.reports[0]?.format).toBe('jest-json');
    expect(own.notes).toEqual(['jest-junit is not installed, so the JSON of Jest itself is read.']);
  });

  it('measures coverage with Vitest only when its provider is installed', () => {
    const files = { 'vitest.config.ts': '' };
    const without = planTest(project({ files, programs: ['vitest'] }));
    expect(without.steps[0]?.argv).not.toContain('--coverage.enabled');
    expect(without.notes).toHaveLength(1);
    const packages = { '@vitest/coverage-v8': '5.1.0' };
    const withIt = planTest(project({ files, programs: ['vitest'], packages }));
    expect(withIt.steps[0]?.argv).toContain('--coverage.enabled');
  });

  it.each([
    ['node --test', ['--test']],
    [
      'node --import tsx --test test/**/*.test.ts',
      ['--import', 'tsx', '--test', 'test/**/*.test.ts'],
    ],
  ])('runs the script %j without a shell', (script, words) => {
    const files = manifest({ scripts: { test: script } });
    const [step] = planTest(project({ files, programs: ['node'] })).steps;
    expect(step?.argv.slice(-words.length)).toEqual(words);
  });

  it.each(['node --test && rm -rf /', 'X=1 node --test', 'node --test "$(id)"', 'c8 node --test'])(
    'does not run a part of the script %j',
    (script) => {
      const plan = planTest(
        project({ files: manifest({ scripts: { test: script } }), programs: ['node'] }),
      );
      expect(plan.steps).toEqual([]);
      expect(plan.gaps).toEqual([expect.stringContaining('needs a shell')]);
    },
  );
});

describe('the plan of the audit gate', () => {
  it.each<[string, Record<string, string>, string]>([
    ['npm', { 'package-lock.json': '{}' }, 'npm audit <- package-lock.json: /bin/npm audit --json'],
    ['pnpm', { 'pnpm-lock.yaml': '' }, 'pnpm audit <- pnpm-lock.yaml: /bin/pnpm audit --json'],
    [
      'yarn',
      { 'yarn.lock': '# THIS IS\n# yarn lockfile v1\n' },
      'Yarn 1 audit <- yarn.lock: /bin/yarn audit --json',
    ],
    [
      'yarn',
      { 'yarn.lock': '__metadata:\n  version: 8\n' },
      'Yarn audit <- yarn.lock: /bin/yarn npm audit --all',
    ],
    [
      'pip-audit',
      { 'requirements.txt': '' },
      'pip-audit <- requirements.txt: /bin/pip-audit --format=json',
    ],
    ['osv-scanner', { 'uv.lock': '' }, 'osv-scanner <- uv.lock: /bin/osv-scanner scan source'],
  ])('has %s because of %j', (program, files, expected) => {
    const plan = planAudit(project({ files, programs: [program] }));
    expect(steps(plan)).toEqual([expect.stringContaining(expected)]);
    expect(planAudit(project({ files })).gaps).toHaveLength(1);
  });

  it('audits each file of requirements, and is content with osv-scanner for them', () => {
    const files = { 'requirements.txt': '', 'requirements-dev.txt': '' };
    expect(steps(planAudit(project({ files, programs: ['pip-audit'] })))).toHaveLength(2);
    const osv = planAudit(project({ files, programs: ['osv-scanner'] }));
    expect([steps(osv).length, osv.gaps]).toEqual([1, []]);
  });
});
