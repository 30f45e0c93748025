import type { Aspect, Severity } from './compare.ts';
import type { Decision } from './decide.ts';

const verdicts: Readonly<Record<Severity, string>> = {
  same: 'as declared',
  stricter: 'stricter than declared',
  weaker: '**weaker than declared**',
  unknown: '**cannot be told**',
  noted: 'for information',
};

/** Texts of the policy and of GitHub stand in it, so nothing in them may be Markdown or HTML. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_[\]|~<>#]/gu, String.raw`\$&`).replaceAll(/\s+/gu, ' ');
}

function line(row: Aspect): string {
  const verdict = row.note === undefined ? '' : `: ${cell(row.note)}`;
  return `| ${row.aspect} | ${cell(row.declared)} | ${cell(row.live)} | ${verdicts[row.severity]}${verdict} |`;
}

/** The job summary; the runtime puts the verdict before it. */
export function renderSummary(environment: string, decision: Decision, settings: string): string {
  const title = `### Protection of ${cell(environment)}`;
  const where = `[Settings of the environments](${settings})`;
  if (decision.aspects.length === 0) {
    return `${title}\n\nNothing could be compared. ${where}\n`;
  }
  const rows = decision.aspects.map(line).join('\n');
  return `${title}\n\n| aspect | declared | live | verdict |\n| --- | --- | --- | --- |\n${rows}\n\n${where}\n`;
}
