import type { Host, HostReport, Operation, ReleaseRef } from '@gatewright/delivery';
import { sameRelease } from '@gatewright/delivery';
import type { HostEnvelope } from '@gatewright/host';
import type { ReasonCode } from '@gatewright/verdict';

/** A report from what the host itself said. `output` is everything that it printed; the log follows the first line. */
export function reportOf(host: Host, envelope: HostEnvelope, output: string): HostReport {
  const firstLine = output.indexOf('\n');
  return {
    host,
    outcome: envelope.outcome,
    reasonCode: envelope.reason,
    detail: envelope.detail,
    current: envelope.current,
    previous: envelope.previous,
    present: envelope.present,
    port: envelope.port ?? 0,
    seconds: envelope.seconds,
    log: firstLine < 0 ? '' : output.slice(firstLine + 1).trim(),
  };
}

/** A report about a host that did not say anything that can be used. */
export function silentReport(
  host: Host,
  outcome: 'unknown' | 'not-applied',
  reasonCode: ReasonCode,
  detail: string,
): HostReport {
  return {
    host,
    outcome,
    reasonCode,
    detail,
    current: null,
    previous: null,
    present: [],
    port: 0,
    seconds: 0,
    log: '',
  };
}

/** Whether the envelope answers this very operation; a cached or foreign one proves nothing. */
export function answers(
  envelope: HostEnvelope,
  asked: { readonly kind: Operation['kind']; readonly runId: string; readonly stepId: string },
): boolean {
  return (
    envelope.operation === asked.kind &&
    envelope.run === asked.runId &&
    envelope.step === asked.stepId
  );
}

/** Why a command did not succeed, from how the service ended it. */
export function reasonOfStatus(status: string): { reasonCode: ReasonCode; detail: string } {
  const detail = `SSM reports ${status === '' ? 'nothing' : status}`;
  switch (status) {
    case 'accessdenied':
      return { reasonCode: 'access-denied', detail };
    case 'cancelled':
    case 'terminated':
      return { reasonCode: 'cancelled', detail };
    case 'deliverytimedout':
    case 'undeliverable':
      return { reasonCode: 'host-offline', detail };
    case 'executiontimedout':
    case 'timedout':
      return { reasonCode: 'deadline-exceeded', detail };
    case 'invalidplatform':
      return { reasonCode: 'host-unfit', detail };
    default:
      return { reasonCode: 'host-state-unknown', detail };
  }
}

/**
 * The outcome of a write whose own report is missing or not a success, from a read-only look at the host afterwards.
 * `status` is the host's own word, asked for the release that the write was about.
 */
export function settledReport(
  operation: Operation,
  first: HostReport,
  status: HostReport,
): HostReport {
  if (status.outcome === 'unknown') {
    const detail = `${first.detail}; asked again: ${status.detail}`;
    return { ...first, outcome: 'unknown', reasonCode: status.reasonCode, detail, current: null };
  }
  const seen = {
    current: status.current,
    previous: status.previous,
    present: status.present,
    port: status.port,
  };
  const wanted = wantedRelease(operation);
  const there = wanted !== undefined && sameRelease(status.current, wanted);
  const detail = `${first.detail}; the host itself: ${status.detail}`;
  if (operation.kind === 'revert') {
    return there
      ? { ...first, ...seen, outcome: 'restored', reasonCode: 'rolled-back', detail }
      : { ...first, ...seen, outcome: 'not-applied', reasonCode: failure(first), detail };
  }
  if (there && status.outcome === 'applied') {
    return { ...first, ...seen, outcome: 'applied', reasonCode: 'release-applied', detail };
  }
  const outcome =
    first.outcome === 'restored' || status.outcome === 'restored' ? 'restored' : 'not-applied';
  return { ...first, ...seen, outcome, reasonCode: failure(first), detail };
}

function wantedRelease(operation: Operation): ReleaseRef | null | undefined {
  if (operation.kind === 'revert') return operation.to;
  return operation.kind === 'status' ? undefined : operation.release;
}

/** A host that went back has not succeeded, whatever the reason code of its report says. */
function failure(first: HostReport): ReasonCode {
  const successes: readonly ReasonCode[] = ['release-applied', 'rolled-back', 'host-ready'];
  return successes.includes(first.reasonCode) ? 'host-state-unknown' : first.reasonCode;
}
