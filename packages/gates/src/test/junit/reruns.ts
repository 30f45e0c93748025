import type { TestCase, TestSink } from '../test-case.ts';

/** Failures of one package that are held back until the package ends. Beyond, each counts as it is. */
const heldLimit = 10_000;
/** Tests of a package that are watched for a second pass. */
const watchedLimit = 1000;

interface Held {
  readonly failure: TestCase;
  failures: number;
  passes: number;
}

/** Joins the runs of a test into one case; call `end` with each suite. */
export interface Reruns {
  readonly take: TestSink;
  end(): void;
}

/**
 * gotestsum writes each run of a failed test as a case of its own, and does not say that it was a rerun. A rerun stops at
 * the first pass; with `go test -count`, which is no rerun, tests pass twice. So when nothing in the package passed twice,
 * a test that failed and passed is flaky; otherwise every run counts.
 */
export function createReruns(sink: TestSink): Reruns {
  const held = new Map<string, Held>();
  const watched = new Set<string>();
  let passedTwice = false;
  const hold = (failure: TestCase): void => {
    const known = held.get(failure.identity);
    if (known !== undefined) known.failures += 1;
    else if (held.size < heldLimit) held.set(failure.identity, { failure, failures: 1, passes: 0 });
    else sink(failure);
  };
  const watch = (passed: TestCase): void => {
    if (watched.has(passed.identity)) passedTwice = true;
    else if (watched.size < watchedLimit) watched.add(passed.identity);
  };
  return {
    take: (testCase) => {
      if (testCase.outcome === 'failed') {
        hold(testCase);
        return;
      }
      if (testCase.outcome === 'passed') {
        const known = held.get(testCase.identity);
        if (known !== undefined) {
          known.passes += 1;
          passedTwice ||= known.passes > 1;
          return;
        }
        watch(testCase);
      }
      sink(testCase);
    },
    end: () => {
      for (const { failure, failures, passes } of held.values()) {
        if (!passedTwice) sink(passes === 0 ? failure : { ...failure, outcome: 'flaky' });
        else {
          for (let run = 0; run < failures; run += 1) sink(failure);
          const { identity, name, suite } = failure;
          for (let run = 0; run < passes; run += 1) {
            sink({ identity, name, suite, outcome: 'passed' });
          }
        }
      }
      held.clear();
      watched.clear();
      passedTwice = false;
    },
  };
}
