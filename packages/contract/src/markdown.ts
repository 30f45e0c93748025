import { reasonCodes } from '@gatewright/verdict';
import type { ReasonCode } from '@gatewright/verdict';
import { allInputs, allOutputs, standardReasonCodes } from './action-contract.ts';
import type { ActionContract } from './action-contract.ts';
import { inputSentence } from './action-yml.ts';
import type { InputCodec } from './codecs.ts';

function cell(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(tableLine).join('\n');
}

function defaultCell(codec: InputCodec<unknown>): string {
  if (codec.default !== undefined && codec.default !== '') return code(codec.default);
  return codec.optional || codec.default === '' ? 'unset' : '**required**';
}

/** The inputs of an action as a Markdown table, the standard ones last. */
export function renderInputsTable(contract: ActionContract): string {
  const rows = Object.entries(allInputs(contract)).map(([name, codec]) => [
    code(name),
    `${inputSentence(codec)}${codec.secret ? ' Masked in every log.' : ''}`,
    defaultCell(codec),
  ]);
  return table(['Input', 'Meaning', 'Default'], rows);
}

/** The outputs of an action as a Markdown table, the standard ones first. */
export function renderOutputsTable(contract: ActionContract): string {
  const rows = Object.entries(allOutputs(contract)).map(([name, spec]) => [
    code(name),
    spec.description,
  ]);
  return table(['Output', 'Meaning'], rows);
}

/** The scopes of GITHUB_TOKEN and the IAM actions that an action needs. */
export function renderPermissions(contract: ActionContract): string {
  const scopes = Object.entries(contract.permissions).map(
    ([scope, level]) => `- GITHUB_TOKEN: ${code(`${scope}: ${level}`)}`,
  );
  const iam = (contract.aws ?? []).map((action) => `- AWS: ${code(action)}`);
  const lines = [...scopes, ...iam];
  return lines.length === 0 ? 'None.' : lines.join('\n');
}

/**
 * The reason codes that an action can end with, each linked to its entry in the troubleshooting page.
 *
 * @param docs - the way from the page to the folder `docs`, for example `../../docs`
 */
export function renderReasonCodesTable(contract: ActionContract, docs: string): string {
  const codes = [...new Set<ReasonCode>([...contract.reasonCodes, ...standardReasonCodes])];
  const rows = codes
    .toSorted()
    .map((name) => [`[${code(name)}](${docs}/07-TROUBLESHOOTING.md#${name})`, reasonCodes[name]]);
  return table(['Reason code', 'Meaning'], rows);
}

/** Where a reference text stands: how deep its headings are, and the way from it to the folder `docs`. */
export interface ReferencePlace {
  readonly headingLevel: number;
  readonly docs: string;
}

/** All tables of an action under their headings, without the name of the action itself. */
export function renderReference(
  contract: ActionContract,
  place: ReferencePlace = { headingLevel: 2, docs: '../../docs' },
): string {
  const mark = '#'.repeat(place.headingLevel);
  const sections = [
    ['Inputs', renderInputsTable(contract)],
    ['Outputs', renderOutputsTable(contract)],
    ['Permissions', renderPermissions(contract)],
    ['Reason codes', renderReasonCodesTable(contract, place.docs)],
  ] as const;
  return sections.map(([title, body]) => `${mark} ${title}\n\n${body}\n`).join('\n');
}
