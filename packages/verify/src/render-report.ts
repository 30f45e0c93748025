import type { CheckReport, TargetReport, VerifyReport } from './model.ts';

const signs = new Map([
  ['pass', '✅'],
  ['fail', '❌'],
  ['inconclusive', '❔'],
  ['error', '⚠️'],
]);

/**
 * A report as GitHub Markdown: targets × checks, and under it what was expected and what came instead. The explanation is
 * not in it: it belongs to the verdict, which whoever shows the report puts before it.
 */
export function renderVerifyReport(report: VerifyReport): string {
  const head = `${report.probes} requests in ${report.seconds} s.`;
  if (report.targets.length === 0) return `${head}\n`;
  const failures = renderFailures(report.targets);
  return (
    [head, renderTable(report.targets), ...(failures === '' ? [] : [failures])].join('\n\n') + '\n'
  );
}

function renderTable(targets: readonly TargetReport[]): string {
  const names = [...new Set(targets.flatMap(({ checks }) => checks.map(({ name }) => name)))];
  const rows = targets.map((target) => [
    escape(target.name),
    `${target.converged ? '' : '⚠️ '}${escape(target.observedRelease ?? 'unknown')}`,
    ...names.map((name) => cell(target.checks.find((check) => check.name === name))),
  ]);
  const heads = ['Target', 'Release', ...names.map(escape)];
  return [heads, heads.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function cell(check: CheckReport | undefined): string {
  if (check === undefined) return '–';
  const latency = check.latencyMs === null ? '' : `, ${check.latencyMs} ms`;
  return `${signs.get(check.verdict) ?? ''} ${check.verdict} (${check.attempts}×${latency})`;
}

function renderFailures(targets: readonly TargetReport[]): string {
  return targets
    .flatMap(({ name, checks }) =>
      checks
        .filter(({ verdict }) => verdict !== 'pass')
        .flatMap((check) => {
          const last = check.failures.at(-1);
          if (last === undefined) return [];
          const place = `**${escape(check.name)}** on ${escape(name)}`;
          return [`- ${place}: expected ${escape(last.expected)}, got ${escape(last.actual)}`];
        }),
    )
    .join('\n');
}

/** Text from a target must stay text: what could be Markdown or HTML becomes a character reference. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#!|@~&$:]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
