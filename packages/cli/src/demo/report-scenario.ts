import { html } from './html.ts';
import type { Html } from './html.ts';
import { markdownToHtml } from './markdown-page.ts';
import { renderChart } from './report-chart.ts';
import { placeEvents, secondsText } from './report-scale.ts';
import type { DemoEvent, ScenarioRecord } from './record.ts';

const failures = new Set<DemoEvent['kind']>(['smoke-fail', 'rollback']);

/** One scenario: verdict card, chart, numbered events and the summaries that the run wrote. */
export function renderScenario(
  scenario: ScenarioRecord,
  colours: ReadonlyMap<string, number>,
  id: string,
): Html {
  const { title, problems } = scenario;
  return html`<section class="card" id="${id}" aria-labelledby="${id}-name">
    <div class="top">
      <h2 id="${id}-name">${title}</h2>
      ${outcome(scenario)}
    </div>
    ${
      problems.length > 0
        ? html`<ul class="problems">
            ${problems.map((text) => html`<li>${text}</li>`)}
          </ul>`
        : undefined
    }
    ${facts(scenario)}
    <div class="chart" tabindex="0" role="group" aria-label="Chart of ${title}">
      ${renderChart(scenario, colours, id)}
    </div>
    ${legend(scenario, colours)} ${eventList(scenario.events)} ${hostTable(scenario)}
    ${scenario.summaries.map(
      ({ job, markdown }) =>
        html`<details>
          <summary>${summaryTitle(job)}</summary>
          <div class="markdown">${markdownToHtml(markdown)}</div>
        </details>`,
    )}
  </section>`;
}

/** Whether the scenario ended as it should: a bad release should end red. */
export function outcome({ problems }: ScenarioRecord): Html {
  return problems.length === 0
    ? html`<span class="verdict good">✓ ended as it should</span>`
    : html`<span class="verdict bad">✗ did not end as it should</span>`;
}

function summaryTitle(job: string): string {
  return /\bbrief\b/i.test(job) ? `What the reviewer read: ${job}` : `Job summary: ${job}`;
}

function facts(scenario: ScenarioRecord): Html {
  const { failedRequests } = scenario;
  const entries: readonly (readonly [name: string, value: string | number, tone?: string])[] = [
    ['Scenario', scenario.name],
    ['Environment', scenario.environment],
    ['Release', scenario.release],
    ['Verdict', scenario.verdict],
    ['Reason code', scenario.reasonCode],
    ['Job conclusion', scenario.jobConclusion],
    ['Waves', scenario.waves],
    ['Failed requests', failedRequests, failedRequests > 0 ? 'bad' : ''],
    ['Time', `${scenario.seconds.toFixed(1)} s`],
  ];
  return html`<dl class="facts">
    ${entries.map(
      ([name, value, tone]) =>
        html`<div>
          <dt>${name}</dt>
          <dd class="${tone ?? ''}">${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function legend(scenario: ScenarioRecord, colours: ReadonlyMap<string, number>): Html {
  const spans = scenario.hostTimeline.flatMap((host) => host.spans);
  const releases = [...colours].filter(([release]) =>
    spans.some((span) => span.state === 'serving' && span.release === release),
  );
  const has = (state: string): boolean => spans.some((span) => span.state === state);
  return html`<ul class="key" aria-label="Key">
    ${releases.map(
      ([release, colour]) => html`<li><i class="release-${colour}"></i>serves ${release}</li>`,
    )}${has('changing') ? html`<li><i class="changing"></i>is being changed</li>` : undefined}${
      has('down') ? html`<li><i class="down"></i>does not answer</li>` : undefined
    }
  </ul>`;
}

function eventList(events: readonly DemoEvent[]): Html | undefined {
  if (events.length === 0) return undefined;
  const items = placeEvents(events, (ms) => ms, 0, 1).map(({ event, number }) => {
    const tone = failures.has(event.kind) ? 'failure' : '';
    return html`<li>
      <span class="number">${number}</span><span class="at">${secondsText(event.at)}</span
      ><span class="${tone}">${event.text}</span>
    </li>`;
  });
  return html`<ol class="events">
    ${items}
  </ol>`;
}

function hostTable(scenario: ScenarioRecord): Html {
  const rows = scenario.hosts.flatMap(({ id, name }) =>
    (scenario.hostTimeline.find(({ hostId }) => hostId === id)?.spans ?? []).map(
      ({ from, to, release, state }) =>
        html`<tr>
          <th scope="row">${name}</th>
          <td>${id}</td>
          <td>${secondsText(from)}</td>
          <td>${secondsText(to)}</td>
          <td>${state}</td>
          <td>${release ?? '—'}</td>
        </tr>`,
    ),
  );
  return html`<details>
    <summary>The chart as a table</summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Host</th>
            <th scope="col">Instance</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">State</th>
            <th scope="col">Release</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}
