import { locate } from '../errors.ts';
import { completeCondition, unsupportedIn } from '../expressions/inspect.ts';
import { entriesOf, find, literalText, templatesIn } from './node.ts';
import type { MappingEntry, Node, Position } from './node.ts';

/**
 * The keys that the engine understands, level by level. GitHub's own parser has refused unknown keys before; whatever
 * it knows and is not named here would be silently ignored, so it is an error instead.
 */
const understood = {
  workflow: [
    'concurrency',
    'defaults',
    'description',
    'env',
    'jobs',
    'name',
    'on',
    'permissions',
    'run-name',
  ],
  'workflow_call trigger': ['inputs', 'outputs'],
  'job that calls a workflow': [
    'concurrency',
    'if',
    'name',
    'needs',
    'permissions',
    'uses',
    'with',
  ],
  job: [
    'concurrency',
    'continue-on-error',
    'defaults',
    'env',
    'environment',
    'if',
    'name',
    'needs',
    'outputs',
    'permissions',
    'runs-on',
    'steps',
    'timeout-minutes',
  ],
  environment: ['name', 'url'],
  concurrency: ['cancel-in-progress', 'group', 'queue'],
  defaults: ['run'],
  'defaults.run': ['shell', 'working-directory'],
  step: [
    'continue-on-error',
    'env',
    'id',
    'if',
    'name',
    'run',
    'shell',
    'timeout-minutes',
    'uses',
    'with',
    'working-directory',
  ],
} as const;

type Level = keyof typeof understood;

/** Every piece of a workflow file that the engine would have to ignore, as `file:line:column: …`. */
export function unsupportedInWorkflow(root: Node): readonly string[] {
  return [
    ...unknownKeys(root, 'workflow'),
    ...unknownKeys(find(find(root, 'on'), 'workflow_call'), 'workflow_call trigger'),
    ...unknownKeys(find(root, 'concurrency'), 'concurrency'),
    ...unsupportedDefaults(root),
    ...entriesOf(find(root, 'jobs')).flatMap((job) => unsupportedInJob(job)),
    ...unsupportedExpressions(root),
    ...insertions(root),
  ];
}

/** The same for the steps of a composite action. */
export function unsupportedInComposite(root: Node): readonly string[] {
  return [
    ...unsupportedInSteps(find(find(root, 'runs'), 'steps')),
    ...unsupportedExpressions(root),
  ];
}

function unsupportedInJob(job: MappingEntry): readonly string[] {
  const level = find(job.value, 'uses') === undefined ? 'job' : 'job that calls a workflow';
  return [
    ...unknownKeys(job.value, level),
    ...unknownKeys(find(job.value, 'environment'), 'environment'),
    ...unknownKeys(find(job.value, 'concurrency'), 'concurrency'),
    ...unsupportedDefaults(job.value),
    ...unsupportedConditions(job.value),
    ...unsupportedRunner(find(job.value, 'runs-on')),
    ...unsupportedInSteps(find(job.value, 'steps')),
  ];
}

function unsupportedInSteps(steps: Node | undefined): readonly string[] {
  if (steps?.kind !== 'sequence') return [];
  return steps.items.flatMap((step) => [
    ...unknownKeys(step, 'step'),
    ...unsupportedConditions(step),
    ...unsupportedShells(step),
  ]);
}

function unsupportedDefaults(node: Node): readonly string[] {
  const defaults = find(node, 'defaults');
  const run = find(defaults, 'run');
  return [
    ...unknownKeys(defaults, 'defaults'),
    ...unknownKeys(run, 'defaults.run'),
    ...(run === undefined ? [] : unsupportedShells(run)),
  ];
}

/** A condition is one expression: text around `${{ }}` makes it a string, which GitHub always takes for true. */
function unsupportedConditions(node: Node): readonly string[] {
  const condition = find(node, 'if');
  if (condition === undefined) return [];
  if (condition.kind === 'template') {
    if (condition.segments.every((segment) => typeof segment !== 'string')) return [];
    return [locate(condition.at, 'if: text around ${{ }} makes the condition always true')];
  }
  return complaintsAbout(completeCondition(literalText(condition) ?? ''), condition.at);
}

function unsupportedRunner(runsOn: Node | undefined): readonly string[] {
  const labels = runsOn?.kind === 'sequence' ? runsOn.items : [runsOn];
  return labels.flatMap((label) =>
    label !== undefined && /^windows/i.test(literalText(label) ?? '')
      ? [locate(label.at, 'jobs for Windows are not supported')]
      : [],
  );
}

const refusedShells = new Set(['cmd', 'powershell', 'pwsh']);

function unsupportedShells(node: Node): readonly string[] {
  const shell = find(node, 'shell');
  const name = literalText(shell);
  if (shell === undefined || name === undefined || !refusedShells.has(name)) return [];
  return [locate(shell.at, `shell: ${name} is not supported (bash, sh, python or 'command {0}')`)];
}

function unsupportedExpressions(root: Node): readonly string[] {
  return Array.from(templatesIn(root)).flatMap((template) =>
    template.segments.flatMap((segment) =>
      typeof segment === 'string' ? [] : complaintsAbout(segment.expression, template.at),
    ),
  );
}

/** `${{ insert }}` as a key merges a mapping, which only the schema of GitHub's own server uses. */
function insertions(node: Node): readonly string[] {
  if (node.kind === 'sequence') return node.items.flatMap(insertions);
  return entriesOf(node).flatMap((entry) => [
    ...(entry.key.includes('${{')
      ? [locate(entry.at, 'an expression as a key is not supported')]
      : []),
    ...insertions(entry.value),
  ]);
}

function complaintsAbout(expression: string, at: Position): readonly string[] {
  const complaint = unsupportedIn(expression);
  return complaint === undefined ? [] : [locate(at, complaint)];
}

function unknownKeys(node: Node | undefined, level: Level): readonly string[] {
  const known: readonly string[] = understood[level];
  return entriesOf(node)
    .filter((entry) => !known.includes(entry.key))
    .map((entry) => locate(entry.at, `'${entry.key}' in a ${level} is not supported`));
}
