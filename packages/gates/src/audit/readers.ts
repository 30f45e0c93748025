import type { Reader } from '../report/reader.ts';
import { detectSecrets } from './detect-secrets.ts';
import { gitleaks } from './gitleaks.ts';
import { grype } from './grype.ts';
import type { AuditSink } from './item.ts';
import { npmAudit } from './npm-audit.ts';
import { osvScanner } from './osv-scanner.ts';
import { pipAudit } from './pip-audit.ts';
import { pnpmAudit } from './pnpm-audit.ts';
import { trivy } from './trivy.ts';
import { yarn1 } from './yarn-1.ts';
import { yarn2 } from './yarn-2.ts';
import { yarn4 } from './yarn-4.ts';

/** The formats of the audit gate, in the order in which they are tried. pnpm's errors look like those of npm. */
export const auditReaders: readonly Reader<AuditSink>[] = [
  yarn1,
  yarn2,
  yarn4,
  pnpmAudit,
  npmAudit,
  pipAudit,
  osvScanner,
  trivy,
  grype,
  gitleaks,
  detectSecrets,
];
