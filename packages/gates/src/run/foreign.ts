import type { GateName } from '@gatewright/verdict';
import { auditReaders } from '../audit/readers.ts';
import { coverageReaders } from '../coverage/readers.ts';
import { lintReaders } from '../lint/readers.ts';
import type { Reader } from '../report/reader.ts';
import { testReaders } from '../test/readers.ts';

const readers: Readonly<Record<GateName, readonly Reader<never>[]>> = {
  lint: lintReaders,
  test: [...testReaders, ...coverageReaders],
  audit: auditReaders,
};

/** Formats of the other gates, so that a mix-up can be called by its name. */
export function readersOfOthers(gate: GateName): readonly Reader<never>[] {
  return Object.entries(readers).flatMap(([other, theirs]) => (other === gate ? [] : theirs));
}
