import { html } from './html.ts';
import type { Html } from './html.ts';
import { outcome, renderScenario } from './report-scenario.ts';
import { releaseColours } from './report-scale.ts';
import { reportStyle } from './report-style.ts';
import type { DemoRecord } from './record.ts';

/** The whole report as one HTML text that asks for nothing from anywhere: no script, no font, no image. */
export function renderReportPage(record: DemoRecord): string {
  const colours = releaseColours(record);
  const style: Html = { markup: reportStyle };
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>Gatewright demo: ${headline(record)}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <svg width="0" height="0" aria-hidden="true" style="position:absolute">
          <defs>
            <pattern
              id="changing"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="2" height="6" style="fill: var(--hatch)" />
            </pattern>
          </defs>
        </svg>
        <main>
          <div class="top">
            <div>
              <h1>Gatewright demo</h1>
              <p class="soft">Started ${record.startedAt}, took ${record.seconds.toFixed(1)} s</p>
            </div>
            <span class="verdict ${record.ok ? 'good' : 'bad'}"
              >${record.ok ? '✓' : '✗'} ${headline(record)}</span
            >
          </div>
          <nav class="overview" aria-label="Scenarios">
            ${record.scenarios.map(
              (scenario, index) =>
                html`<a href="#s${index}"
                  ><strong>${scenario.title}</strong>${outcome(scenario)}
                  <span class="soft"
                    >${scenario.release} to ${scenario.environment}: ${scenario.reasonCode},
                    ${scenario.failedRequests} failed requests</span
                  ></a
                >`,
            )}
          </nav>
          ${record.scenarios.map((scenario, index) => renderScenario(scenario, colours, `s${index}`))}
          ${preparation(record, colours)} ${list('Notes', record.notes)}
          ${list('What stood in for GitHub and AWS', record.standIns)}
        </main>
      </body>
    </html> `;
  return page.markup;
}

function headline({ scenarios }: DemoRecord): string {
  const good = scenarios.filter(({ problems }) => problems.length === 0).length;
  return `${good} of ${scenarios.length} scenarios ended as they should`;
}

function preparation(record: DemoRecord, colours: ReadonlyMap<string, number>): Html | undefined {
  if (record.preparation.length === 0) return undefined;
  return html`<h2 style="margin-top:36px">Preparation</h2>
    <p class="soft">What had to be there before the scenarios could begin.</p>
    ${record.preparation.map((scenario, index) => renderScenario(scenario, colours, `p${index}`))}`;
}

function list(title: string, entries: readonly string[]): Html | undefined {
  if (entries.length === 0) return undefined;
  return html`<section class="card">
    <h2>${title}</h2>
    <ul>
      ${entries.map((text) => html`<li>${text}</li>`)}
    </ul>
  </section>`;
}
