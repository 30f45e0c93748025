import { html } from './html.ts';
import type { Html } from './html.ts';
import { axisEnd, placeEvents, secondsText, ticks } from './report-scale.ts';
import type { PlacedEvent } from './report-scale.ts';
import type { HostSpan, RequestWindow, ScenarioRecord } from './record.ts';

const size = { width: 960, left: 118, right: 84, row: 30, bar: 22, badge: 20, lanes: 3, top: 8 };
const plotWidth = size.width - size.left - size.right;
const requestHeight = 40;

/** The chart of one scenario: hosts × time, coloured by release, with numbered events and the visitors' requests. */
export function renderChart(
  scenario: ScenarioRecord,
  colours: ReadonlyMap<string, number>,
  id: string,
): Html {
  const end = axisEnd(scenario);
  const x = (ms: number): number => size.left + (Math.min(Math.max(ms, 0), end) / end) * plotWidth;
  const events = placeEvents(scenario.events, x, size.badge + 2, size.lanes);
  const lanes = Math.max(...events.map(({ lane }) => lane + 1), 0);
  const head = size.top + lanes * (size.badge + 3) + 8;
  const rowsEnd = head + scenario.hosts.length * size.row;
  const requests = scenario.requests ?? [];
  const plotEnd = rowsEnd + (requests.length > 0 ? requestHeight : 0);
  return html`<svg
    viewBox="0 0 ${size.width} ${plotEnd + 30}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">${scenario.title}: hosts over time</title>
    <desc id="${id}-desc">${description(scenario)}</desc>
    ${axis(end, x, head, plotEnd)}
    ${scenario.hosts.map((host, index) => hostRow({ scenario, host, colours, x, y: head + index * size.row }))}
    ${requests.length > 0 ? requestStrip(requests, x, rowsEnd) : undefined}
    ${events.map((placed) => marker(placed, plotEnd))}
  </svg>`;
}

/** The chart in words, for those who do not see it. */
function description(scenario: ScenarioRecord): string {
  const hosts = scenario.hosts.map(({ id, name, release }) => {
    const spans = scenario.hostTimeline.find(({ hostId }) => hostId === id)?.spans ?? [];
    const steps = spans.map((span) => `${stateText(span)} until ${secondsText(span.to)}`);
    return `${name}: ${steps.join(', ')}; at the end ${release ?? 'no release'}.`;
  });
  return hosts.join(' ');
}

function stateText({ state, release }: HostSpan): string {
  if (state === 'down') return 'does not answer';
  if (state === 'changing') return 'is being changed';
  return `serves ${release ?? 'nothing'}`;
}

function axis(end: number, x: (ms: number) => number, top: number, bottom: number): Html {
  const marks = ticks(end).map((ms) => {
    const text = ms % 1000 === 0 ? `${ms / 1000} s` : secondsText(ms);
    return html`<line
        class="grid"
        x1="${round(x(ms))}"
        x2="${round(x(ms))}"
        y1="${top - 6}"
        y2="${bottom + 4}"
      /><text class="tick" x="${round(x(ms))}" y="${bottom + 20}">${text}</text>`;
  });
  return html`${marks}`;
}

interface Row {
  readonly scenario: ScenarioRecord;
  readonly host: ScenarioRecord['hosts'][number];
  readonly colours: ReadonlyMap<string, number>;
  readonly x: (ms: number) => number;
  readonly y: number;
}

function hostRow({ scenario, host, colours, x, y }: Row): Html {
  const spans = scenario.hostTimeline.find(({ hostId }) => hostId === host.id)?.spans ?? [];
  const middle = y + size.bar / 2 + 5;
  return html`<text class="host" x="${size.left - 12}" y="${middle}">${host.name}</text>
    <rect
      class="track"
      x="${size.left}"
      y="${y}"
      width="${plotWidth}"
      height="${size.bar}"
      rx="4"
    />
    ${spans.map((span) => spanRect(span, x, y, colours))}
    <text class="final" x="${size.width - size.right + 12}" y="${middle}"
      >${host.release ?? '—'}</text
    >`;
}

function spanRect(
  span: HostSpan,
  x: (ms: number) => number,
  y: number,
  colours: ReadonlyMap<string, number>,
): Html {
  const [left, width] = [x(span.from), Math.max(x(span.to) - x(span.from), 1.5)];
  const serving = span.state === 'serving' && span.release !== null;
  const fill = serving ? `release-${colours.get(span.release) ?? 0}` : span.state;
  const text = serving ? span.release : '';
  const label =
    text !== '' && text.length * 7.5 + 12 <= width
      ? html`<text class="label" x="${round(left + 8)}" y="${y + size.bar / 2 + 4.5}"
          >${text}</text
        >`
      : undefined;
  const title = `${stateText(span)}, ${secondsText(span.from)} to ${secondsText(span.to)}`;
  return html`<g
    ><title>${title}</title
    ><rect
      class="span ${fill}"
      x="${round(left)}"
      y="${y}"
      width="${round(width)}"
      height="${size.bar}"
      rx="3"
    />${label}</g
  >`;
}

function requestStrip(
  requests: readonly RequestWindow[],
  x: (ms: number) => number,
  y: number,
): Html {
  const most = Math.max(...requests.map(({ total }) => total), 1);
  const height = requestHeight - 18;
  const base = y + 10 + height;
  const bars = requests.map(({ second, total, failed }) => {
    const left = x(second * 1000) + 0.5;
    const width = Math.max(x((second + 1) * 1000) - left - 1, 1);
    const [good, bad] = [((total - failed) / most) * height, (failed / most) * height];
    const title = `second ${second}: ${total} requests, ${failed} failed`;
    const failedBar =
      failed > 0
        ? html`<rect
            class="down"
            x="${round(left)}"
            y="${round(base - good - Math.max(bad, 3))}"
            width="${round(width)}"
            height="${round(Math.max(bad, 3))}"
          />`
        : undefined;
    return html`<g
      ><title>${title}</title
      ><rect
        class="requests"
        x="${round(left)}"
        y="${round(base - good)}"
        width="${round(width)}"
        height="${round(good)}"
      />${failedBar}</g
    >`;
  });
  const failures = requests.reduce((sum, { failed }) => sum + failed, 0);
  return html`<text class="host" x="${size.left - 12}" y="${base - 6}">requests</text>${bars}<text
      class="final"
      x="${size.width - size.right + 12}"
      y="${base - 6}"
      >${failures} failed</text
    >`;
}

function marker({ event, number, x, lane }: PlacedEvent, bottom: number): Html {
  const y = size.top + lane * (size.badge + 3);
  const at = round(x);
  return html`<g class="marker ${event.kind}"
    ><title>${number}. ${event.text} (${secondsText(event.at)})</title
    ><line x1="${at}" x2="${at}" y1="${y + size.badge}" y2="${bottom}" /><rect
      x="${round(x - size.badge / 2)}"
      y="${y}"
      width="${size.badge}"
      height="${size.badge}"
      rx="10"
    /><text x="${at}" y="${y + 14}">${number}</text></g
  >`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
