import type {
  Clock,
  Probe,
  ProbeRequest,
  ProbeResult,
  Target,
  VerifyCheck,
  VerifyEvent,
  VerifyReport,
  VerifySuite,
} from '../src/model.ts';
import { verifyRelease } from '../src/verify-release.ts';

/** A clock that moves on to the next sleeper as soon as nothing else is left to do. */
export function virtualClock(): Clock {
  let time = 1_000_000;
  let sleepers: { at: number; wake: () => void }[] = [];
  let isDue = false;
  const tick = (): void => {
    isDue = false;
    time = Math.max(time, Math.min(...sleepers.map(({ at }) => at)));
    const awake = sleepers.filter(({ at }) => at <= time);
    sleepers = sleepers.filter(({ at }) => at > time);
    for (const { wake } of awake) wake();
    schedule();
  };
  const schedule = (): void => {
    if (isDue || sleepers.length === 0) return;
    isDue = true;
    setImmediate(tick);
  };
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        sleepers.push({ at: time + ms, wake: resolve });
        signal.addEventListener('abort', () => resolve(), { once: true });
        schedule();
      }),
  };
}

const timings = { dnsMs: null, connectMs: 1, firstByteMs: 2, totalMs: 3 };

export function answer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ProbeResult {
  return { kind: 'answer', status, headers, body, bodyTruncated: false, timings };
}

export const noAnswer: ProbeResult = { kind: 'no-answer', detail: 'connection refused', timings };

/** What a healthy application of this version answers to the release path. */
export const serving = (version: string): ProbeResult =>
  answer(200, JSON.stringify({ release: version }));

export function checkOf(name: string, expect: Partial<VerifyCheck['expect']> = {}): VerifyCheck {
  return {
    name,
    method: 'GET',
    path: `/${name}`,
    expect: { status: 200, headers: {}, json: [], ...expect },
  };
}

export function suiteOf(changes: Partial<VerifySuite> = {}): VerifySuite {
  return {
    release: { kind: 'json-path', path: '/healthz', jsonPath: '$.release' },
    deadlineSeconds: 10,
    consecutiveSuccesses: 3,
    intervalSeconds: 1,
    requestTimeoutSeconds: 5,
    failuresToFail: 3,
    checks: [checkOf('orders')],
    ...changes,
  };
}

/** A probe that plays what each target and path is scripted to answer; the last answer goes on for ever. */
export function scriptedProbe(
  script: Readonly<Record<string, readonly ProbeResult[]>>,
): Probe & { readonly asked: ProbeRequest[] } {
  const asked: ProbeRequest[] = [];
  const counts = new Map<string, number>();
  const probe: Probe = async (request) => {
    asked.push(request);
    const key = `${request.baseUrl}${request.path}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const answers = script[key] ?? [noAnswer];
    return answers[Math.min(count, answers.length - 1)] ?? noAnswer;
  };
  return Object.assign(probe, { asked });
}

type Script = Record<string, readonly ProbeResult[]>;
export const ok = answer(200, '{}');
export const bad = answer(500, 'broken');
export const times = (count: number, result: ProbeResult): ProbeResult[] =>
  Array.from({ length: count }, () => result);

interface Options {
  readonly suite?: Partial<VerifySuite>;
  readonly targets?: readonly Target[];
  readonly probe?: Probe;
  readonly signal?: AbortSignal;
  readonly observe?: (event: VerifyEvent) => void;
}

/** Verifies 1.1.0 on the targets of the script, `a/healthz` being the health path of target `a`. */
export function verify(script: Script, options: Options = {}): Promise<VerifyReport> {
  const names = [...new Set(Object.keys(script).map((key) => key.split('/')[0] ?? ''))];
  return verifyRelease({
    targets: options.targets ?? names.map((name) => ({ name, baseUrl: name })),
    release: '1.1.0',
    suite: suiteOf(options.suite),
    probe: options.probe ?? scriptedProbe(script),
    clock: virtualClock(),
    signal: options.signal ?? new AbortController().signal,
    ...(options.observe === undefined ? {} : { observe: options.observe }),
  });
}
