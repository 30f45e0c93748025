import type { Finding, Waiver } from '@gatewright/verdict';
import picomatch from 'picomatch';
import type { ApplyWaivers, WaiverOutcome } from '../judgement.ts';
import type { WaiverPolicy } from '../policy.ts';
import { packageScope } from './package-scope.ts';

/** What waivers.yml says, and the day on which it is asked. */
export interface WaiverRequest {
  /** In the order of the file. */
  readonly waivers: readonly Waiver[];
  readonly policy: WaiverPolicy;
  /** `YYYY-MM-DD`, in UTC. */
  readonly today: string;
}

/** What became of the waivers besides holding; a waiver can stand in several lists. */
export interface WaiverReport {
  /** Their last day is over; they do not hold. */
  readonly expired: readonly Waiver[];
  /** They expire later than the policy's longest term allows; they do not hold. */
  readonly tooLong: readonly Waiver[];
  /** They hold, but not for long. */
  readonly expiring: readonly Waiver[];
  /** They hold, and were needed for no finding of this gate. */
  readonly unused: readonly Waiver[];
}

/** Waivers of which is known whether they hold. */
export interface OpenWaivers {
  /** The first waiver of the file that holds and matches takes a finding. */
  readonly apply: ApplyWaivers;
  /** @param waived - what {@link OpenWaivers.apply} took, of all findings */
  report(waived: WaiverOutcome['waived']): WaiverReport;
}

/**
 * Finds out which waivers hold today. One that expires today still does. A waiver that does not hold is as if it were
 * not there: it cannot shadow a later one for the same finding.
 */
export function openWaivers({ waivers, policy, today }: WaiverRequest): OpenWaivers {
  const aged = waivers.map((waiver) => ({ waiver, days: daysBetween(today, waiver.expires) }));
  const only = (test: (days: number) => boolean): Waiver[] =>
    aged.filter(({ days }) => test(days)).map(({ waiver }) => waiver);
  const holding = only((days) => days >= 0 && days <= policy.maximumTermDays);
  const take = takeFirst(holding);
  return {
    apply: (findings) => {
      const taken = findings.map((finding) => ({ finding, waiver: take(finding) }));
      return {
        open: taken.filter(({ waiver }) => waiver === undefined).map(({ finding }) => finding),
        waived: taken.flatMap(({ finding, waiver }) =>
          waiver === undefined ? [] : [{ finding, waiver }],
        ),
      };
    },
    report: (waived) => {
      const used = new Set(waived.map(({ waiver }) => waiver));
      return {
        expired: only((days) => days < 0),
        tooLong: only((days) => days > policy.maximumTermDays),
        expiring: only(
          (days) => days >= 0 && days <= Math.min(policy.warnDays, policy.maximumTermDays),
        ),
        unused: holding.filter((waiver) => !used.has(waiver)),
      };
    },
  };
}

function takeFirst(waivers: readonly Waiver[]): (finding: Finding) => Waiver | undefined {
  const byId = new Map<string, Matcher[]>();
  for (const [order, waiver] of waivers.entries()) {
    byId.set(waiver.id, [...(byId.get(waiver.id) ?? []), matcher(waiver, order)]);
  }
  return (finding) => {
    // A shortfall of coverage is no item that somebody could answer for: the policy says how much is demanded.
    if (finding.kind === 'coverage') return undefined;
    const names = new Set([finding.id, ...finding.aliases, finding.fingerprint]);
    const matching = [...names]
      .flatMap((name) => byId.get(name) ?? [])
      .filter(({ matches }) => matches(finding));
    return matching.toSorted((a, b) => a.order - b.order)[0]?.waiver;
  };
}

interface Matcher {
  readonly waiver: Waiver;
  readonly order: number;
  /** The scope alone; both parts must match when both are given. */
  readonly matches: (finding: Finding) => boolean;
}

function matcher(waiver: Waiver, order: number): Matcher {
  const { package: purl, path } = waiver.scope ?? {};
  const inPackage = purl === undefined ? undefined : packageScope(purl);
  // A leading ! is a character of a name here: a waiver says what it covers, not what it does not.
  const onPath = path === undefined ? undefined : picomatch(path, { dot: true, nonegate: true });
  return {
    waiver,
    order,
    matches: (finding) =>
      (inPackage === undefined || inPackage(finding.package?.purl)) &&
      (onPath === undefined || (finding.path !== undefined && onPath(finding.path))),
  };
}

const dayMilliseconds = 86_400_000;

/** Days from one `YYYY-MM-DD` to another, which Date reads as UTC. */
function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / dayMilliseconds;
}
