import { describe, expect, it } from '@jest/globals';
import { defaultGatesPolicy } from '@gatewright/config';
import type { GatesPolicy as LoadedPolicy } from '@gatewright/config';
import type { GatesPolicy } from './policy.ts';

/** With nothing left out, so that a key that only one of the two types has is seen although it is optional. */
type Whole<T> = T extends object ? { [K in keyof T]-?: Whole<T[K]> } : T;
type Fits<From, To> = [From] extends [To] ? true : never;

describe('the policy of the gates', () => {
  it('is, by its type, exactly what policy.yml is read to', () => {
    const proofs: [
      Fits<LoadedPolicy, GatesPolicy>,
      Fits<GatesPolicy, LoadedPolicy>,
      Fits<Whole<LoadedPolicy>, Whole<GatesPolicy>>,
      Fits<Whole<GatesPolicy>, Whole<LoadedPolicy>>,
    ] = [true, true, true, true];
    const policy: GatesPolicy = defaultGatesPolicy();
    expect(proofs).toHaveLength(4);
    expect(policy.test.coverage).toEqual({ metric: 'line', minimum: 70 });
  });
});
