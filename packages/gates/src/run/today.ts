/** The day of a moment, `YYYY-MM-DD` in UTC. @param now - milliseconds since the epoch */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
