import { verifySuite } from '@gatewright/config';
import type { Verifier } from '@gatewright/delivery';
import { verifyRelease } from '@gatewright/verify';
import type { Clock, Probe, VerifyEvent } from '@gatewright/verify';

/** The verifier of deliveries: the suite comes from a manifest or the ledger and is parsed here. */
export function createVerifier(probe: Probe, clock: Clock, log: (line: string) => void): Verifier {
  return ({ targets, release, suite, signal }) =>
    verifyRelease({
      targets,
      release: release.version,
      suite: verifySuite.parse(suite),
      probe,
      clock,
      signal,
      observe: (event) => {
        const line = troubleLine(event);
        if (line !== undefined) log(line);
      },
    });
}

/** What went wrong; what went well is told by the delivery itself. */
function troubleLine(event: VerifyEvent): string | undefined {
  if (event.kind === 'observed') return `${event.target}: ${event.what}`;
  if (event.kind !== 'check-settled' || event.verdict === 'pass') return undefined;
  const { target, check, verdict, failure } = event;
  const why = failure === undefined ? '' : `: expected ${failure.expected}, got ${failure.actual}`;
  return `${target}: check ${check} ${verdict}${why}`;
}
