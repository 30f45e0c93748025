import { terminalSafe } from './paint.ts';
import type { Paint, Tone } from './paint.ts';
import type { DemoEvent, DemoRecord, EventKind, HostSpan, ScenarioRecord } from './record.ts';

const barColumns = 56;

/** The sign and tone of each kind of event; every sign differs, so that nothing depends on colour. */
const signs: Readonly<Record<EventKind, readonly [sign: string, tone: Tone]>> = {
  started: ['>', 'strong'],
  'approval-asked': ['?', 'mark'],
  approval: ['@', 'mark'],
  'wave-start': ['(', 'faint'],
  'wave-end': [')', 'faint'],
  'smoke-pass': ['+', 'good'],
  'smoke-fail': ['x', 'bad'],
  rollback: ['<', 'mark'],
  finished: ['.', 'strong'],
  note: ['-', 'faint'],
};

/** The whole account of a run for a terminal, with a line break at the end. */
export function renderTimeline(record: DemoRecord, paint: Paint): string {
  const scenarios = record.scenarios.flatMap((scenario) => [...scenarioLines(scenario, paint), '']);
  const asItShould = record.scenarios.filter(({ problems }) => problems.length === 0).length;
  const end = `${asItShould} of ${record.scenarios.length} scenarios ended as they should, in ${seconds(record.seconds)}`;
  return [...scenarios, paint(record.ok ? 'good' : 'bad', end), ''].join('\n');
}

/** One event as one line; also used while the demo runs. */
export function renderEvent(event: DemoEvent, paint: Paint): string {
  const [sign, tone] = signs[event.kind];
  return `  ${paint('faint', `+${seconds(event.at / 1000)}`.padStart(8))}  ${paint(tone, sign)} ${terminalSafe(event.text)}`;
}

function scenarioLines(scenario: ScenarioRecord, paint: Paint): string[] {
  const { title, name, verdict, reasonCode, jobConclusion } = scenario;
  const good = scenario.problems.length === 0;
  const facts = [
    `verdict ${verdict} (${reasonCode})`,
    `job ${jobConclusion}`,
    `${scenario.waves} ${scenario.waves === 1 ? 'wave' : 'waves'}`,
    `${scenario.failedRequests} failed requests`,
    seconds(scenario.seconds),
  ];
  return [
    paint('strong', `${terminalSafe(title)}  [${terminalSafe(name)}]`),
    ...scenario.events.toSorted((a, b) => a.at - b.at).map((event) => renderEvent(event, paint)),
    ...hostLines(scenario, paint),
    `  ${paint(good ? 'good' : 'bad', good ? 'as it should' : 'NOT as it should')}: ${terminalSafe(facts.join(', '))}`,
    ...scenario.problems.map((problem) => `    ${paint('bad', 'x')} ${terminalSafe(problem)}`),
  ];
}

function hostLines(scenario: ScenarioRecord, paint: Paint): string[] {
  const end = Math.max(
    ...scenario.hostTimeline.flatMap(({ spans }) => spans.map(({ to }) => to)),
    1,
  );
  const width = Math.max(...scenario.hosts.map(({ name }) => terminalSafe(name).length), 4);
  const rows = scenario.hosts.map(({ id, name, release }) => {
    const spans = scenario.hostTimeline.find(({ hostId }) => hostId === id)?.spans ?? [];
    const label = terminalSafe(name).padEnd(width);
    return `  ${label}  |${hostBar(spans, end, paint)}|  ${terminalSafe(release ?? 'nothing')}`;
  });
  if (rows.length === 0) return [];
  const key = '= serves   ~ is being changed   . does not answer';
  return [...rows, `  ${' '.repeat(width)}   ${paint('faint', key)}`];
}

const marks = { serving: '=', changing: '~', down: '.' } as const;
const tones = { serving: 'good', changing: 'mark', down: 'bad' } as const;

/** A bar of fixed width; a span says its release where there is room for it. */
function hostBar(spans: readonly HostSpan[], end: number, paint: Paint): string {
  const column = (ms: number): number =>
    Math.round((Math.min(Math.max(ms, 0), end) / end) * barColumns);
  let drawn = 0;
  let bar = '';
  for (const { from, to, release, state } of spans) {
    const start = Math.max(column(from), drawn);
    const length = Math.max(column(to) - start, 0);
    const name = state === 'serving' ? terminalSafe(release ?? '') : '';
    const text = name.length <= length ? name : '';
    bar += ' '.repeat(start - drawn) + paint(tones[state], text.padEnd(length, marks[state]));
    drawn = start + length;
  }
  return bar + ' '.repeat(barColumns - drawn);
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
