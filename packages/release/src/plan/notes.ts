import { levelOf } from './commit.ts';
import type { Entry } from './commit.ts';
import type { ReleasePlan } from './plan.ts';
import { formatVersion } from './version.ts';

/** What the notes tell besides the plan. */
export interface NotesContext {
  /** `owner/name`. */
  readonly repository: string;
  /** Names of all actions and workflows, the groups of the changelog. */
  readonly actions: readonly string[];
  readonly workflows: readonly string[];
  /** The commit that the tag will name; unknown while planning. */
  readonly commit: string | undefined;
}

const words: Readonly<Record<string, string>> = {
  feat: 'New',
  fix: 'Fixed',
  perf: 'Faster',
  revert: 'Taken back',
  security: 'Security',
};

/** The notes of a release as Markdown: what breaks, then what is new by action and workflow, then how to pin it. */
export function renderNotes(plan: ReleasePlan, context: NotesContext): string {
  const version = formatVersion(plan.version);
  const shownEntries = plan.entries.filter((entry) => levelOf(entry) !== undefined);
  const silent = plan.entries.length - shownEntries.length;
  const known = [...context.actions, ...context.workflows];
  const rest = shownEntries.filter(({ scopes }) => !scopes.some((scope) => known.includes(scope)));
  const since =
    plan.previous === undefined ? 'The first version.' : `Since ${formatVersion(plan.previous)}.`;
  const sections = [
    `# ${version}`,
    since,
    ...section('Breaking changes', breakingLines(plan)),
    ...groups('Actions', context.actions, shownEntries),
    ...groups('Workflows', context.workflows, shownEntries),
    ...section(
      'Everything else',
      rest.map((entry) => `- ${line(entry, true)}`),
    ),
    ...section('Inputs and outputs', contractLines(plan)),
    ...(silent === 0 ? [] : [`${count(silent, 'more commit')} without effect on callers.`]),
    ...pinning(version, context),
  ];
  return `${sections.join('\n\n')}\n`;
}

function count(number: number, word: string): string {
  return number === 1 ? `One ${word}` : `${number} ${word}s`;
}

function breakingLines({ entries, contractChanges }: ReleasePlan): readonly string[] {
  return [
    ...contractChanges
      .filter(({ breaking }) => breaking)
      .map(({ scope, text }) => `- **${scope}**: ${text}`),
    ...entries.flatMap(({ breaking, scopes, sha }) =>
      breaking === undefined ? [] : [`- ${labelled(scopes)}${plain(breaking)} (${short(sha)})`],
    ),
  ];
}

function contractLines({ contractChanges }: ReleasePlan): readonly string[] {
  return contractChanges
    .filter(({ breaking }) => !breaking)
    .map(({ scope, text }) => `- **${scope}**: ${text}`);
}

function groups(
  title: string,
  names: readonly string[],
  entries: readonly Entry[],
): readonly string[] {
  const bodies = names.toSorted().flatMap((name) => {
    const lines = entries
      .filter(({ scopes }) => scopes.includes(name))
      .map((entry) => `- ${line(entry, false)}`);
    return lines.length === 0 ? [] : [`### ${name}\n\n${lines.join('\n')}`];
  });
  return bodies.length === 0 ? [] : [`## ${title}`, ...bodies];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}\n\n${lines.join('\n')}`];
}

function line({ type, scopes, text, sha }: Entry, withScope: boolean): string {
  const word = Object.hasOwn(words, type) ? `${words[type]}: ` : '';
  return `${withScope ? labelled(scopes) : ''}${word}${plain(text)} (${short(sha)})`;
}

function labelled(scopes: readonly string[]): string {
  return scopes.length === 0 ? '' : `**${plain(scopes.join(', '))}**: `;
}

function short(sha: string): string {
  return sha.slice(0, 10);
}

/** A commit's words as Markdown that mentions nobody, links nowhere and holds no markup but code. */
function plain(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .split(/(`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll('@', '&#64;')
            .replaceAll(/[[\]*_`\\]/g, String.raw`\$&`),
    )
    .join('');
}

function pinning(
  version: string,
  { repository, workflows, actions, commit }: NotesContext,
): readonly string[] {
  if (commit === undefined) return [];
  const [workflow] = workflows.toSorted();
  const [action] = actions.toSorted();
  const path = workflow === undefined ? `actions/${action}` : `.github/workflows/${workflow}.yml`;
  return [
    '## Use this version',
    `\`\`\`yaml\nuses: ${repository}/${path}@${commit} # ${version}\n\`\`\``,
    `The files of this release were built from the parent of ${commit}; \`checksums.txt\`, \`sbom.cdx.json\` and \`provenance.intoto.json\` say what is in them.`,
  ];
}
