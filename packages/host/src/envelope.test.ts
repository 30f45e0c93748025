import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { readEnvelope } from './index.ts';
import type { HostEnvelope } from './index.ts';

const release = fc.record({
  version: fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,20}$/),
  digest: fc.stringMatching(/^[0-9a-f]{64}$/),
});
const envelope: fc.Arbitrary<HostEnvelope> = fc.record({
  schema: fc.constant('gatewright.host/1' as const),
  operation: fc.constantFrom('preflight', 'apply', 'status', 'revert'),
  outcome: fc.constantFrom('ready', 'applied', 'not-applied', 'restored', 'unknown', 'unfit'),
  reason: fc.constantFrom('hook-failed', 'release-applied', 'rolled-back'),
  app: fc.constant('sample'),
  run: fc.constant('1-1'),
  step: fc.constant('wave-1'),
  generation: fc.nat(),
  replayed: fc.boolean(),
  current: fc.option(release),
  previous: fc.option(release),
  present: fc.array(release, { maxLength: 4 }),
  presentCut: fc.boolean(),
  port: fc.option(fc.integer({ min: 1, max: 65_535 })),
  seconds: fc.nat(),
  detail: fc.string(),
});
const printed = (value: HostEnvelope) => `gatewright-envelope: ${JSON.stringify(value)}`;

describe('readEnvelope', () => {
  it('reads the first line, whatever follows', () => {
    fc.assert(
      fc.property(envelope, fc.string(), (value, garbage) => {
        expect(readEnvelope(`${printed(value)}\n${garbage}`)).toEqual(value);
        expect(
          readEnvelope(`${printed(value)}\n\n${printed({ ...value, detail: 'later' })}\n`),
        ).toEqual(value);
      }),
    );
  });

  it('reads nothing from an output that was cut within the first line', () => {
    fc.assert(
      fc.property(
        envelope,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (value, share) => {
          const line = printed(value);
          expect(readEnvelope(line.slice(0, Math.floor(line.length * share)))).toBeUndefined();
        },
      ),
    );
  });

  it('reads nothing from other output', () => {
    fc.assert(
      fc.property(envelope, fc.string({ minLength: 1 }), (value, before) => {
        fc.pre(!before.startsWith('\n') || before.trim() !== '');
        expect(readEnvelope(`${before}${printed(value)}`)).toBeUndefined();
      }),
    );
    const [sample] = fc.sample(envelope, 1);
    for (const broken of [
      { outcome: 'done' },
      { reason: 'because' },
      { port: '80' },
      { schema: 'gatewright.host/2' },
    ]) {
      expect(
        readEnvelope(`gatewright-envelope: ${JSON.stringify({ ...sample, ...broken })}\n`),
      ).toBeUndefined();
    }
  });

  it('ignores keys that a later program adds', () => {
    const [sample] = fc.sample(envelope, 1);
    expect(
      readEnvelope(`gatewright-envelope: ${JSON.stringify({ ...sample, later: 1 })}\n`),
    ).toEqual(sample);
  });
});
