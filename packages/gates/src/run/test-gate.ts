import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createCoverage } from '../coverage/coverage.ts';
import { judgeCoverage } from '../coverage/judge-coverage.ts';
import { coverageReaders } from '../coverage/readers.ts';
import { judgeTests } from '../test/judge-tests.ts';
import { testReaders } from '../test/readers.ts';
import { createTestTally } from '../test/tally.ts';
import type { TestSink } from '../test/test-case.ts';
import { planTest } from './detect/detect-test.ts';
import type { GateKind, GateWork } from './gate-kind.ts';
import { readInput } from './read-input.ts';
import type { GateRequest } from './request.ts';

/** Judges tests and what they covered. */
export const testGate: GateKind = { gate: 'test', plan: planTest, begin };

function begin({ roots, base, policy }: GateRequest): GateWork {
  const gatherer = createTestTally();
  const collector = createCoverage({ exists: fileLookup(roots.root) });
  let coverageReports = 0;
  const readTests: GateWork['read'] = async (input) => {
    let explains = 0;
    const sink = gatherer.sink(input.path);
    const counting: TestSink = (testCase) => {
      if (testCase.outcome === 'failed' || testCase.outcome === 'errored') explains += 1;
      sink(testCase);
    };
    const evidence = await readInput('test', input, {
      readers: testReaders,
      foreign: coverageReaders,
      sink: counting,
      roots,
    });
    return { evidence, explains };
  };
  const readCoverage: GateWork['read'] = async (input) => {
    const evidence = await readInput('test', input, {
      readers: coverageReaders,
      foreign: testReaders,
      sink: collector,
      roots,
    });
    coverageReports += 1;
    return { evidence, explains: 0 };
  };
  return {
    read: (input) => (input.coverage ? readCoverage(input) : readTests(input)),
    judge: async ({ waive, changedLines }) => {
      const { coverage: demanded } = policy.gates.test;
      const compared = base === undefined ? {} : { base };
      const judgement = judgeTests({
        tally: gatherer.tally(),
        ...compared,
        policy: policy.gates.test,
        waive,
        ...(demanded === undefined
          ? {}
          : {
              coverage: judgeCoverage({
                coverage: collector.coverage(),
                policy: demanded,
                changedLines,
                ...compared,
              }),
            }),
      });
      if (demanded !== undefined) return judgement;
      const what =
        coverageReports === 0 ? 'No coverage is demanded' : 'Coverage was read, not judged';
      return { ...judgement, notes: [...judgement.notes, `${what}: it is switched off.`] };
    },
  };
}

/** Whether the tree has such a file. What it lacks is asked for once; what it has is kept by who asks. */
function fileLookup(root: string): (path: string) => boolean {
  const missing = new Set<string>();
  return (path) => {
    if (missing.has(path)) return false;
    const isFile = statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true;
    if (!isFile) missing.add(path);
    return isFile;
  };
}
