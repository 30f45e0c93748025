import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spansOf } from './host-watch.ts';

describe('spansOf', () => {
  it('leaves out the time before a host first serves anything', () => {
    const spans = spansOf(
      [
        { at: 0, release: null },
        { at: 100, release: null },
        { at: 200, release: '1.0.0' },
      ],
      500,
    );
    expect(spans).toEqual([{ from: 200, to: 500, release: '1.0.0', state: 'serving' }]);
  });

  it('shows an interruption between two releases', () => {
    const spans = spansOf(
      [
        { at: 10, release: '1.0.0' },
        { at: 100, release: null },
        { at: 200, release: '1.1.0' },
      ],
      300,
    );
    expect(spans.map(({ from, to, state }) => [from, to, state])).toEqual([
      [0, 100, 'serving'],
      [100, 200, 'down'],
      [200, 300, 'serving'],
    ]);
  });

  it('says nothing of a host that never served: nothing was down', () => {
    expect(spansOf([{ at: 0, release: null }], 500)).toEqual([]);
    expect(spansOf([], 500)).toEqual([]);
  });

  it('never overlaps, and ends at the end', () => {
    const sighting = fc.record({
      at: fc.integer({ min: 0, max: 1000 }),
      release: fc.constantFrom('1.0.0', '1.1.0', null),
    });
    fc.assert(
      fc.property(fc.array(sighting, { minLength: 1 }), (sightings) => {
        const spans = spansOf(sightings, 1000);
        for (const [index, { from, to }] of spans.entries()) {
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBe(spans[index + 1]?.from ?? 1000);
        }
      }),
    );
  });
});
