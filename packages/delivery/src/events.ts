import type { LedgerRecord } from './ledger.ts';
import type { HostReport, ReleaseRef, Wave } from './model.ts';
import type { VerifyOutcome } from './ports.ts';

/** What a delivery tells while it runs; for progress lines, never for decisions. */
export type DeliveryEvent =
  | { readonly kind: 'lock-acquired'; readonly generation: number }
  | { readonly kind: 'looking'; readonly hosts: number }
  | { readonly kind: 'way-back'; readonly release: ReleaseRef | null }
  | { readonly kind: 'wave-started'; readonly wave: Wave; readonly waves: number }
  | {
      readonly kind: 'host-reported';
      readonly wave: Wave;
      readonly waves: number;
      readonly report: HostReport;
    }
  | { readonly kind: 'verifying'; readonly release: ReleaseRef; readonly targets: number }
  | { readonly kind: 'verified'; readonly outcome: VerifyOutcome }
  | { readonly kind: 'baking'; readonly wave: Wave; readonly seconds: number }
  | { readonly kind: 'recorded'; readonly record: LedgerRecord };

/** Receives the events of a delivery. */
export type Observe = (event: DeliveryEvent) => void;
