import type { DemoEvent, DemoRecord, ScenarioRecord } from './record.ts';

/** How many releases can be told apart by colour; more of them begin again. */
const colours = 6;

/** Which colour class each release has, the same in every chart of a page. */
export function releaseColours(record: DemoRecord): ReadonlyMap<string, number> {
  const seen = [...record.preparation, ...record.scenarios].flatMap((scenario) => [
    ...scenario.hostTimeline.flatMap(({ spans }) => spans.map(({ release }) => release)),
    ...scenario.hosts.map(({ release }) => release),
    scenario.release,
  ]);
  const releases = [...new Set(seen.filter((release) => release !== null))].toSorted((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  return new Map(releases.map((release, index) => [release, index % colours]));
}

/** The length of a scenario's time axis in milliseconds, at least one. */
export function axisEnd(scenario: ScenarioRecord): number {
  const moments = [
    ...scenario.events.map(({ at }) => at),
    ...scenario.hostTimeline.flatMap(({ spans }) => spans.map(({ to }) => to)),
  ];
  return Math.max(scenario.seconds * 1000, ...moments, 1);
}

/** Round marks of a time axis, five to ten of them, in milliseconds. */
export function ticks(end: number): number[] {
  const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000];
  const step = steps.find((size) => end / size <= 10) ?? Math.ceil(end / 600_000) * 60_000;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

export interface PlacedEvent {
  readonly event: DemoEvent;
  /** Counts from 1, in the order of time; the number in the chart and in the list under it. */
  readonly number: number;
  readonly x: number;
  /** Which row of badges, from 0, so that badges do not cover each other. */
  readonly lane: number;
}

/** Numbers the events and gives each a row in which its badge has room; `lanes` rows exist. */
export function placeEvents(
  events: readonly DemoEvent[],
  x: (ms: number) => number,
  badgeWidth: number,
  lanes: number,
): PlacedEvent[] {
  const taken = Array.from({ length: lanes }, () => Number.NEGATIVE_INFINITY);
  return events
    .toSorted((a, b) => a.at - b.at)
    .map((event, index) => {
      const at = x(event.at);
      const free = taken.findIndex((end) => end + badgeWidth <= at);
      const lane = free === -1 ? taken.indexOf(Math.min(...taken)) : free;
      taken[lane] = at;
      return { event, number: index + 1, x: at, lane };
    });
}

/** `12.3 s` */
export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
