import type { ActionEnd } from './harness-runner.ts';

/** How an action told its end to everybody who asks. */
export interface Told {
  readonly exitCode: number | null;
  readonly verdict: string;
  readonly reasonCode: string;
  /** What somebody who has to act on it would miss. */
  readonly gaps: readonly string[];
}

/** What an action that refuses or fails must tell: the same everywhere, what it looked at, and what to do next. */
export function refusal(reasonCode: string, verdict = 'error'): Told {
  return { exitCode: 1, verdict, reasonCode, gaps: [] };
}

/** What an action that went well must tell. */
export function success(reasonCode: string): Told {
  return { exitCode: 0, verdict: 'pass', reasonCode, gaps: [] };
}

/** Reads how an action told its end. */
export function told(end: ActionEnd): Told {
  const { result, outputs, summary, commands, exitCode } = end;
  const { verdict, reasonCode } = result;
  const [firstLine = ''] = summary.split('\n');
  const errors = commands.filter(({ name }) => name === 'error').map(({ message }) => message);
  const gaps = [
    ...(outputs['verdict'] === verdict ? [] : [`output verdict is ${outputs['verdict'] ?? '-'}`]),
    ...(outputs['reason-code'] === reasonCode
      ? []
      : [`output reason-code is ${outputs['reason-code'] ?? '-'}`]),
    ...(firstLine.startsWith(`**Verdict: ${verdict}** (\`${reasonCode}\`). `)
      ? []
      : [`the summary begins with ${firstLine}`]),
    ...(result.explanation === '' ? ['no explanation'] : []),
    ...(exitCode === 0 ? [] : gapsOfRefusal(end, errors)),
  ];
  return { exitCode, verdict, reasonCode, gaps };
}

function gapsOfRefusal({ result, summary }: ActionEnd, errors: readonly string[]): string[] {
  const help = `docs/07-TROUBLESHOOTING.md#${result.reasonCode}`;
  return [
    ...(result.checked.length > 0 ? [] : ['nothing in checked']),
    ...(result.remedy === undefined || result.remedy === '' ? ['no remedy'] : []),
    ...(summary.includes(help) ? [] : ['no help in the summary']),
    ...(errors.some((message) => message.includes(help)) ? [] : ['no error annotation with help']),
  ];
}
