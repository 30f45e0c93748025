import { limiter } from './limiter.ts';
import type { Clock, Probe, ProbeResult, Target, VerifyEvent, VerifySuite } from './model.ts';

/** What to verify, and through what. */
export interface VerifyRequest {
  readonly targets: readonly Target[];
  /** The version that every target must tell, exactly. */
  readonly release: string;
  readonly suite: VerifySuite;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told of progress; optional. */
  readonly observe?: (event: VerifyEvent) => void;
}

/** More at once would make the runner the thing that is measured. */
const mostConcurrentProbes = 10;

/** One verification under way: the shared deadline, the places for requests, and the count of them. */
export interface Session extends VerifyRequest {
  readonly observe: (event: VerifyEvent) => void;
  readonly startedAt: number;
  /**
   * Makes one request as soon as there is a place for it.
   * @returns undefined when the deadline came first or the signal aborted: then nothing was observed.
   */
  ask(
    target: Target,
    what: { path: string; method: 'GET' | 'HEAD' },
  ): Promise<ProbeResult | undefined>;
  /** Waits for the next round; false when there is none, because of the deadline or an abort. */
  pause(): Promise<boolean>;
  /** Whether the deadline has passed. */
  isOver(): boolean;
  probes(): number;
}

export function openSession(request: VerifyRequest): Session {
  const { clock, probe, signal, suite } = request;
  const startedAt = clock.now();
  const deadlineAt = startedAt + suite.deadlineSeconds * 1000;
  const remaining = (): number => deadlineAt - clock.now();
  const inPlace = limiter(mostConcurrentProbes);
  let probes = 0;
  return {
    ...request,
    observe: request.observe ?? (() => undefined),
    startedAt,
    ask: (target, { path, method }) =>
      inPlace(async () => {
        if (signal.aborted || remaining() <= 0) return undefined;
        probes += 1;
        const timeoutMs = Math.min(suite.requestTimeoutSeconds * 1000, Math.ceil(remaining()));
        const result = await probe({ baseUrl: target.baseUrl, path, method, timeoutMs }, signal);
        return signal.aborted ? undefined : result;
      }),
    pause: async () => {
      if (signal.aborted || remaining() <= 0) return false;
      await clock.sleep(Math.min(suite.intervalSeconds * 1000, remaining()), signal);
      return !signal.aborted && remaining() > 0;
    },
    isOver: () => remaining() <= 0,
    probes: () => probes,
  };
}
