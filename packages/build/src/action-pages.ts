import { renderReference } from '@gatewright/contract';
import type { ActionContract } from '@gatewright/contract';
import { hasRegion, replaceRegion } from './region.ts';

/** A step that gives the required inputs and nothing else: the start of a README that does not exist yet. */
function renderUsage(contract: ActionContract): string {
  const required = Object.entries(contract.inputs)
    .filter(([, codec]) => codec.default === undefined && !codec.optional)
    .map(([name]) => `    ${name}: …`);
  return [
    '```yaml',
    `- uses: OWNER/gatewright/actions/${contract.name}@v1`,
    ...(required.length > 0 ? ['  with:', ...required] : []),
    '```',
  ].join('\n');
}

/** The README.md of an action: the hand-written part as it is, the generated region anew. */
export function renderActionReadme(contract: ActionContract, current: string | undefined): string {
  const head = `# ${contract.name}\n\n${contract.description}\n\n${renderUsage(contract)}\n`;
  return replaceRegion(current ?? head, 'generated', renderReference(contract));
}

/** docs/reference/actions.md: every action on one page. */
export function renderActionsPage(contracts: readonly ActionContract[]): string {
  const place = { headingLevel: 3, docs: '..' };
  const sections = contracts.map(
    (contract) =>
      `## ${contract.name}\n\n${contract.description}\n\n${renderReference(contract, place)}`,
  );
  const links = contracts.map(({ name }) => `[${name}](#${name})`).join(', ');
  return [
    '<!-- Generated from actions/*/src/contract.ts by `npm run build`; do not edit. -->\n',
    '# Actions\n',
    `${links}\n`,
    ...sections,
  ].join('\n');
}

/** The root README.md with its table of actions, if it wants one. */
export function renderRootReadme(contracts: readonly ActionContract[], current: string): string {
  if (!hasRegion(current, 'actions')) return current;
  const rows = contracts.map(
    ({ name, description }) => `| [\`${name}\`](actions/${name}) | ${firstSentence(description)} |`,
  );
  return replaceRegion(
    current,
    'actions',
    ['| action | what it does |', '| --- | --- |', ...rows].join('\n'),
  );
}

function firstSentence(text: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  return sentence.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
