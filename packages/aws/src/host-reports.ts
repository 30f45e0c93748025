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
 * `status` is the host's own word, asked for the release that the write was about. A host that said of this very write
 * that it did not happen is believed: that it serves the release nevertheless is then the work of somebody else.
 */
export function settledReport(
  operation: Operation,
  first: HostReport,
  status: HostReport,
): HostReport {
  const detail = `${first.detail}; asked again: ${status.detail}`;
  if (status.outcome === 'unknown') {
    return { ...first, outcome: 'unknown', reasonCode: status.reasonCode, detail, current: null };
  }
  const { current, previous, present, port } = status;
  const seen = { ...first, current, previous, present, port, detail };
  const wanted = operation.kind === 'revert' ? operation.to : releaseOf(operation);
  if (first.outcome === 'unknown' && wanted !== undefined && sameRelease(current, wanted)) {
    return operation.kind === 'revert'
      ? { ...seen, outcome: 'restored', reasonCode: 'rolled-back' }
      : { ...seen, outcome: 'applied', reasonCode: 'release-applied' };
  }
  const wentBack = operation.kind === 'apply' && status.outcome === 'restored';
  const outcome = first.outcome === 'restored' || wentBack ? 'restored' : 'not-applied';
  // The host knows better than SSM why it went back.
  const reasonCode = first.outcome === 'unknown' && wentBack ? status.reasonCode : first.reasonCode;
  return { ...seen, outcome, reasonCode };
}

function releaseOf(operation: Operation): ReleaseRef | undefined {
  return operation.kind === 'apply' ? operation.release : undefined;
}
