import { anyFile } from './markers.ts';
import { planFrom } from './project.ts';
import type { Detected, Project, ToolPlan, ToolStep } from './project.ts';

/** Lockfiles that osv-scanner reads and none of the other tools. */
const otherLocks = ['uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock', 'pylock.toml'];

function requirementFiles(project: Project): string[] {
  return [...project.names].filter((name) => /^requirements[\w.-]*\.txt$/.test(name)).toSorted();
}

function pipAudit(project: Project): Detected {
  const files = requirementFiles(project);
  if (files.length === 0) return undefined;
  const program = project.programs.get('pip-audit');
  if (program === undefined) {
    if (project.programs.has('osv-scanner')) return undefined;
    const problem = `${files[0]} is there, but neither pip-audit nor osv-scanner is installed`;
    return { kind: 'gap', problem };
  }
  const steps = files.map((file): ToolStep => {
    return {
      tool: 'pip-audit',
      argv: [program.path, '--format=json', '--progress-spinner=off', '-r', file],
      decidedBy: file,
      completeWith: [0, 1],
      reports: [printed(`pip-audit-${file}.json`, 'pip-audit')],
    };
  });
  return { kind: 'steps', steps };
}

const printed = (name: string, format: string): ToolStep['reports'][number] => ({
  from: 'stdout',
  name,
  format,
  coverage: false,
});

/** A lockfile, and who reads it. */
interface LockAudit {
  readonly tool: string;
  readonly program: string;
  readonly locks: readonly string[];
  readonly args: readonly string[];
  readonly format: string;
  readonly completeWith: readonly number[];
  readonly fits?: (text: string) => boolean;
}

const isClassic = (text: string): boolean => /^# yarn lockfile v1\s*$/m.test(text);

const lockAudits: readonly LockAudit[] = [
  {
    tool: 'npm audit',
    program: 'npm',
    locks: ['package-lock.json', 'npm-shrinkwrap.json'],
    args: ['audit', '--json'],
    format: 'npm-audit',
    completeWith: [0, 1],
  },
  {
    tool: 'pnpm audit',
    program: 'pnpm',
    locks: ['pnpm-lock.yaml'],
    args: ['audit', '--json'],
    format: 'pnpm-audit',
    completeWith: [0, 1],
  },
  {
    tool: 'Yarn 1 audit',
    program: 'yarn',
    locks: ['yarn.lock'],
    args: ['audit', '--json'],
    format: 'yarn-1',
    // A sum of 1, 2, 4, 8 and 16, one for each severity.
    completeWith: Array.from({ length: 32 }, (_, code) => code),
    fits: isClassic,
  },
  {
    tool: 'Yarn audit',
    program: 'yarn',
    locks: ['yarn.lock'],
    args: ['npm', 'audit', '--all', '--recursive', '--json'],
    format: '',
    completeWith: [0, 1],
    fits: (text) => !isClassic(text),
  },
];

function lockAudit(audit: LockAudit): (project: Project) => Detected {
  const { tool, program: name, locks, args, format, completeWith, fits } = audit;
  return (project) => {
    const lock = anyFile(project, locks);
    if (lock === undefined || fits?.(project.texts.get(lock) ?? '') === false) return undefined;
    const program = project.programs.get(name);
    if (program === undefined) {
      return { kind: 'gap', problem: `${lock} asks for ${tool}, but ${name} is not installed` };
    }
    const report = { from: 'stdout', name: `${name}-audit.json`, coverage: false } as const;
    // Yarn 2 and 4 print different formats: the content tells. Yarn 4 prints nothing when it has nothing to say.
    const reports = [format === '' ? { ...report, silentFormat: 'yarn-4' } : { ...report, format }];
    const argv = [program.path, ...args] as const;
    return { kind: 'steps', steps: [{ tool, argv, decidedBy: lock, completeWith, reports }] };
  };
}

function osvScanner(project: Project): Detected {
  const marker = anyFile(project, ['osv-scanner.toml']);
  const lock = anyFile(project, otherLocks) ?? requirementFiles(project)[0];
  const program = project.programs.get('osv-scanner');
  if (program === undefined) {
    const wanted = marker ?? anyFile(project, otherLocks);
    if (wanted === undefined) return undefined;
    return { kind: 'gap', problem: `${wanted} asks for osv-scanner, which is not installed` };
  }
  const decidedBy = marker ?? lock;
  if (decidedBy === undefined) return undefined;
  const step: ToolStep = {
    tool: 'osv-scanner',
    argv: [program.path, 'scan', 'source', '--format=json', '--all-packages', '--recursive', '.'],
    decidedBy,
    completeWith: [0, 1],
    reports: [printed('osv-scanner.json', 'osv-scanner')],
  };
  return { kind: 'steps', steps: [step] };
}

const detectors = [
  { tool: 'pip-audit', detect: pipAudit },
  ...lockAudits.map((audit) => ({ tool: audit.tool, detect: lockAudit(audit) })),
  { tool: 'osv-scanner', detect: osvScanner },
];

/** The audits of what the project depends on. */
export function planAudit(project: Project): ToolPlan {
  return planFrom('audit', detectors, project);
}
