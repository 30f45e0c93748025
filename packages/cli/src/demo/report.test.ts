import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { escapeHtml } from './html.ts';
import { markdownToHtml } from './markdown-page.ts';
import { colourPaint, paintFor, plainPaint } from './paint.ts';
import { toJsonDocument } from './record.ts';
import type { DemoRecord, ScenarioRecord } from './record.ts';
import { renderReportPage } from './report-page.ts';
import { placeEvents, releaseColours, ticks } from './report-scale.ts';
import { renderTimeline } from './timeline.ts';

const scenario = (change: Partial<ScenarioRecord> = {}): ScenarioRecord => ({
  name: 'bad-release',
  title: 'A bad release goes back',
  environment: 'production',
  release: '1.2.0',
  verdict: 'fail',
  reasonCode: 'smoke-failed',
  jobConclusion: 'failure',
  hosts: [
    { id: 'i-1', name: 'web-1', release: '1.1.0' },
    { id: 'i-2', name: 'web-2', release: null },
  ],
  waves: 1,
  awsCalls: 31,
  failedRequests: 7,
  seconds: 9.25,
  events: [
    { at: 4000, kind: 'smoke-fail', text: 'orders answers 500', wave: 1 },
    { at: 1000, kind: 'approval', text: 'octo-reviewer approved' },
  ],
  hostTimeline: [
    {
      hostId: 'i-1',
      spans: [
        { from: 0, to: 2000, release: '1.1.0', state: 'serving' },
        { from: 2000, to: 2500, release: null, state: 'changing' },
        { from: 2500, to: 6000, release: '1.2.0', state: 'serving' },
        { from: 6000, to: 6400, release: null, state: 'down' },
        { from: 6400, to: 9000, release: '1.1.0', state: 'serving' },
      ],
    },
  ],
  summaries: [
    { job: 'brief', markdown: '## Plan\n\n| wave | hosts |\n|---|---|\n| 1 | **two** |' },
  ],
  problems: [],
  ...change,
});

const record = (change: Partial<DemoRecord> = {}): DemoRecord => ({
  startedAt: '2025-11-21T08:00:00Z',
  seconds: 42,
  ok: true,
  scenarios: [scenario()],
  preparation: [scenario({ name: 'production-baseline', release: '1.0.0' })],
  standIns: ['actions/checkout: a copy of the tree'],
  notes: [],
  ...change,
});

const hostile = '<img src=x onerror=alert(1)>"\'&</title></style></svg><script>alert(2)</script>';

describe('toJsonDocument', () => {
  it('has exactly the documented keys and leaves the preparation out', () => {
    const document = toJsonDocument(record());
    expect(Object.keys(document)).toEqual(['ok', 'scenarios']);
    expect(document.scenarios).toEqual([
      {
        name: 'bad-release',
        environment: 'production',
        release: '1.2.0',
        verdict: 'fail',
        reasonCode: 'smoke-failed',
        jobConclusion: 'failure',
        hosts: [
          { id: 'i-1', release: '1.1.0' },
          { id: 'i-2', release: null },
        ],
        waves: 1,
        awsCalls: 31,
        failedRequests: 7,
        seconds: 9.25,
      },
    ]);
  });
});

describe('renderTimeline', () => {
  it('tells the events in the order of time, the hosts and the end', () => {
    const text = renderTimeline(record(), plainPaint);
    expect(text.indexOf('octo-reviewer approved')).toBeLessThan(text.indexOf('orders answers 500'));
    expect(text).toContain('+1.0 s');
    expect(text).toMatch(/web-1 +\|1\.1\.0=+~+1\.2\.0=+\.+1\.1\.0=+ *\| {2}1\.1\.0/);
    expect(text).toContain('verdict fail (smoke-failed), job failure, 1 wave, 7 failed requests');
    expect(text).toContain('1 of 1 scenarios ended as they should');
  });

  it('says what is not as it should be', () => {
    const bad = record({
      ok: false,
      scenarios: [scenario({ problems: ['host i-2 was touched'] })],
    });
    const text = renderTimeline(bad, plainPaint);
    expect(text).toContain('NOT as it should');
    expect(text).toContain('x host i-2 was touched');
  });

  it('uses escape sequences only for colour, never from a recorded text', () => {
    const events = [{ at: 0, kind: 'note', text: 'a\u001b[2J\u202eb\nc' }] as const;
    const text = renderTimeline(record({ scenarios: [scenario({ events })] }), plainPaint);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('- a [2J b c\n');
    expect(renderTimeline(record(), colourPaint)).toContain('\u001b[');
  });

  it('colours a terminal only, and not against NO_COLOR', () => {
    expect(paintFor({ isTTY: true }, {})).toBe(colourPaint);
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })).toBe(plainPaint);
    expect(paintFor({ isTTY: true }, { TERM: 'dumb' })).toBe(plainPaint);
    expect(paintFor({}, {})).toBe(plainPaint);
  });
});

describe('renderReportPage', () => {
  it('shows verdict, reason, hosts, events, brief and stand-ins, and asks for nothing outside', () => {
    const page = renderReportPage(record());
    for (const text of [
      'A bad release goes back',
      'smoke-failed',
      'web-2',
      '1. octo-reviewer approved (1.0 s)',
      'What the reviewer read: brief',
      '<th scope="col">wave</th>',
      '<strong>two</strong>',
      'actions/checkout: a copy of the tree',
      'role="img"',
      'web-1: serves 1.1.0 until 2.0 s, is being changed until 2.5 s',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toMatch(/<script|<link|<img|@import|url\((?!#)|https?:\/\//);
  });

  it('shows hostile texts as texts, wherever they come from', () => {
    const evil = scenario({
      name: hostile,
      title: hostile,
      environment: hostile,
      release: hostile,
      verdict: hostile,
      reasonCode: hostile,
      jobConclusion: hostile,
      hosts: [{ id: 'i-1', name: hostile, release: hostile }],
      events: [{ at: 1, kind: 'note', text: hostile }],
      hostTimeline: [
        { hostId: 'i-1', spans: [{ from: 0, to: 9, release: hostile, state: 'serving' }] },
      ],
      summaries: [
        { job: hostile, markdown: `# ${hostile}\n\n- ${hostile}\n\n| ${hostile} |\n|---|` },
      ],
      problems: [hostile],
    });
    const page = renderReportPage(
      record({ scenarios: [evil], preparation: [evil], standIns: [hostile], notes: [hostile] }),
    );
    expect(page).not.toMatch(/<(?:img|script)/);
    expect(page.match(/<\/style\s*>/g)).toHaveLength(1);
    expect(page.match(/<\/title\s*>/g)?.length).toBe(page.match(/<title/g)?.length);
  });

  it('stands an empty record', () => {
    const empty = scenario({ hosts: [], hostTimeline: [], events: [], summaries: [], seconds: 0 });
    expect(renderReportPage(record({ scenarios: [empty], preparation: [] }))).not.toContain('NaN');
    expect(renderTimeline(record({ scenarios: [empty] }), plainPaint)).not.toContain('NaN');
  });
});

describe('markdownToHtml', () => {
  it('makes no markup out of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { markup } = markdownToHtml(text);
        const left = markup.replaceAll(
          /<\/?(?:p|ul|li|pre|code|strong|div|table|thead|tbody|tr|th|td)(?: (?:class|scope|tabindex)="[a-z0-9]+")?>/g,
          '',
        );
        expect(left).not.toMatch(/[<>]/);
      }),
    );
  });

  it('shows escaped characters as the characters they stand for', () => {
    const { markup } = markdownToHtml('a \\| b &lt;b&gt; &#64;ops &amp;#64;\n\n```\n<b>\n```');
    expect(markup).toBe('<p>a | b &lt;b&gt; @ops &amp;#64;</p><pre tabindex="0">&lt;b&gt;</pre>');
  });

  it('splits table rows at bare pipes only', () => {
    const { markup } = markdownToHtml('| a | b |\n|---|:-:|\n| x \\| y | `z\\|z` |');
    expect(markup).toContain('<td>x | y</td><td><code>z|z</code></td>');
  });

  it('ends a code span with the fence that began it', () => {
    const { markup } = markdownToHtml('`` a `b` <c> `` d `e` f`');
    expect(markup).toBe('<p><code>a `b` &lt;c&gt;</code> d <code>e</code> f`</p>');
  });

  it('shows of a link its text only', () => {
    const { markup } = markdownToHtml('see [`abc`](https://github.com/octo/sample) there');
    expect(markup).toBe('<p>see <code>abc</code> there</p>');
  });
});

describe('scale', () => {
  it('gives each release its colour by version', () => {
    expect([...releaseColours(record())]).toEqual([
      ['1.0.0', 0],
      ['1.1.0', 1],
      ['1.2.0', 2],
    ]);
  });

  it('has a readable number of ticks for any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_600_000 }), (end) => {
        const marks = ticks(end);
        expect(marks.length).toBeLessThanOrEqual(12);
        expect(Math.max(...marks)).toBeLessThanOrEqual(end);
      }),
    );
  });

  it('puts badges that would cover each other into different rows', () => {
    const events = [0, 1, 2].map((at) => ({ at, kind: 'note', text: '' }) as const);
    expect(placeEvents(events, (ms) => ms, 20, 3).map(({ lane }) => lane)).toEqual([0, 1, 2]);
  });

  it('escapes what HTML and XML forbid', () => {
    expect(escapeHtml(`<a b="c" d='e'>&\u0000\n`)).toBe(
      '&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;\ufffd\n',
    );
  });
});
