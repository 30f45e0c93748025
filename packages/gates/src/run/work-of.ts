import type { GateWork } from './gate-work.ts';
import { emptyCounts } from './nothing-judged.ts';
import type { GateRequest } from './request.ts';

/** The work of the gate that is asked for. */
export function workOf({ gate }: GateRequest): GateWork {
  return {
    read: async ({ path }) => ({
      evidence: { path, format: 'unknown', bytes: 0, sha256: '0'.repeat(64), items: 0 },
      explains: 0,
    }),
    judge: async () => ({
      counts: emptyCounts(gate),
      findings: [],
      waived: [],
      breaches: [
        { verdict: 'error', reasonCode: 'report-unrecognised', explanation: 'No reader yet.' },
      ],
      notes: [],
    }),
  };
}
