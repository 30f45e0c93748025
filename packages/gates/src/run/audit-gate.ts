import { planAudit } from './detect/detect-audit.ts';
import type { GateKind } from './gate-kind.ts';
import { emptyCounts } from './nothing-judged.ts';

export const auditGate: GateKind = {
  gate: 'audit',
  plan: planAudit,
  begin: () => ({
    read: async ({ path }) => ({
      evidence: { path, format: 'unknown', bytes: 0, sha256: '0'.repeat(64), items: 0 },
      explains: 0,
    }),
    judge: async () => ({
      counts: emptyCounts('audit'),
      findings: [],
      waived: [],
      breaches: [
        { verdict: 'error', reasonCode: 'report-unrecognised', explanation: 'No reader yet.' },
      ],
      notes: [],
    }),
  }),
};
