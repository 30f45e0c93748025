import type { DeliveryEvent } from './events.ts';
import { releaseName } from './model.ts';

/** One progress line for the log of a run. */
export function describeEvent(event: DeliveryEvent): string {
  switch (event.kind) {
    case 'lock-acquired':
      return `Lock acquired, generation ${event.generation}`;
    case 'looking':
      return `Asking ${event.hosts} hosts for their state`;
    case 'way-back':
      return `The way back leads to ${releaseName(event.release)}`;
    case 'wave-started':
      return `Wave ${event.wave.number}/${event.waves}: ${event.wave.hosts.map((host) => host.id).join(', ')}`;
    case 'host-reported': {
      const { host, outcome, seconds, detail } = event.report;
      return `Wave ${event.wave.number}/${event.waves}: host ${host.id} ${outcome} in ${seconds} s: ${detail}`;
    }
    case 'verifying':
      return `Verifying ${releaseName(event.release)} on ${event.targets} hosts`;
    case 'verified':
      return `Verification: ${event.outcome.verdict}. ${event.outcome.explanation}`;
    case 'baking':
      return `Wave ${event.wave.number} bakes for ${event.seconds} s`;
    case 'recorded':
      return `Ledger record ${event.record.sequence}: ${event.record.kind} ${event.record.version}`;
    default:
      return event satisfies never;
  }
}
