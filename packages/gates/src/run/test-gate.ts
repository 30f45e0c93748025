import { planTest } from './detect/detect-test.ts';
import type { GateKind } from './gate-kind.ts';
import { emptyCounts } from './nothing-judged.ts';

export const testGate: GateKind = {
  gate: 'test',
  plan: planTest,
  begin: () => ({
    read: async ({ path }) => ({
      evidence: { path, format: 'unknown', bytes: 0, sha256: '0'.repeat(64), items: 0 },
      explains: 0,
    }),
    judge: async () => ({
      counts: emptyCounts('test'),
      findings: [],
      waived: [],
      breaches: [
        { verdict: 'error', reasonCode: 'report-unrecognised', explanation: 'No reader yet.' },
      ],
      notes: [],
    }),
  }),
};
