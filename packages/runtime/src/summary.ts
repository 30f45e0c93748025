import type { ReasonCode, Verdict } from '@gatewright/verdict';
import { singleLine } from './safe-text.ts';

/**
 * GitHub drops the whole summary of a step above 1 MiB (1,048,576 bytes), measured after the write; the distance is for
 * what the step itself may have written before.
 */
export const summaryBytes = 1_000_000;

/** What the first lines of a summary tell. */
export interface SummaryHead {
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
  readonly checked: readonly string[];
  readonly remedy?: string | undefined;
  /** Address of the reason code's entry in the troubleshooting page. */
  readonly help: string;
}

/** A text from anywhere as plain words inside Markdown. */
export function markdownText(text: string): string {
  return singleLine(text).replaceAll(/[\\`*_[\]<>|~#&]/g, (character) =>
    character === '<' ? '&lt;' : `\\${character}`,
  );
}

function renderHead(head: SummaryHead): string {
  const first = `**Verdict: ${head.verdict}** (\`${head.reasonCode}\`). ${markdownText(head.explanation)}`;
  if (head.verdict === 'pass' || head.verdict === 'skipped') return `${first}\n`;
  const checked = head.checked.map((fact) => `- ${markdownText(fact)}`);
  return [
    `${first}\n`,
    ...(checked.length > 0 ? [`Checked:\n\n${checked.join('\n')}\n`] : []),
    ...(head.remedy ? [`**What to do next:** ${markdownText(head.remedy)}\n`] : []),
    `[What \`${head.reasonCode}\` means](${head.help})\n`,
  ].join('\n');
}

const cutNotice = '\n_The summary was cut: the result file has everything._\n';
const fence = /^ {0,3}(`{3,}|~{3,})/;

/** Whole lines within the limit, and what closes the code block and the `<details>` that are then open. */
function cutMarkdown(markdown: string, limit: number): string {
  const kept: string[] = [];
  let bytes = 0;
  let openFence: string | undefined;
  let openDetails = 0;
  for (const line of markdown.split('\n')) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > limit) break;
    kept.push(line);
    const mark = fence.exec(line)?.[1];
    if (mark && openFence === undefined) openFence = mark;
    else if (mark && openFence && mark.startsWith(openFence)) openFence = undefined;
    else if (openFence === undefined) {
      openDetails +=
        (line.match(/<details/g)?.length ?? 0) - (line.match(/<\/details/g)?.length ?? 0);
    }
  }
  const closers = [
    ...(openFence ? [openFence] : []),
    ...Array.from({ length: Math.max(0, openDetails) }, () => '</details>\n'),
  ];
  return [...kept, ...closers].join('\n');
}

/** The job summary of a step: the verdict on its first line, then the action's own Markdown, within the byte budget. */
export function renderSummary(head: SummaryHead, body: string, limit = summaryBytes): string {
  const top = cutMarkdown(renderHead(head), Math.floor(limit / 2));
  const whole = `${top}\n${body}\n`;
  if (Buffer.byteLength(whole) <= limit) return whole;
  // The closers of a cut text are small, but not free.
  const room = limit - Buffer.byteLength(top) - Buffer.byteLength(cutNotice) - 512;
  return `${top}\n${cutMarkdown(body, room)}\n${cutNotice}`;
}
