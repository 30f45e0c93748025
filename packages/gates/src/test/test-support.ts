import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GateEvidence } from '@gatewright/verdict';
import { readReport } from '../report/read-report.ts';
import type { ReportSource } from '../report/source.ts';
import type { TestPolicy } from '../policy.ts';
import { testReaders } from './readers.ts';
import { createTestTally } from './tally.ts';
import type { TestTally } from './tally.ts';
import type { TestCase, TestSink } from './test-case.ts';

/** Where the samples say they were made. */
const roots = { root: '/work-tree', base: '/work-tree' };
const samples = join(fileURLToPath(import.meta.url), '../../../samples');

/** A report in memory, in pieces of the given number of bytes. */
export function source(text: string, path = 'junit.xml', piece = 64 * 1024): ReportSource {
  async function* open(): AsyncGenerator<Uint8Array> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  return { path, open };
}

export function read(from: ReportSource, sink: TestSink): Promise<GateEvidence> {
  return readReport({ source: from, readers: testReaders, foreign: [], sink, roots });
}

/** The cases of a report. */
export async function casesOf(text: string): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  await read(source(text), (testCase) => cases.push(testCase));
  return cases;
}

/** Name and outcome of each case. */
export async function outcomesOf(text: string): Promise<string[]> {
  return (await casesOf(text)).map(({ name, outcome }) => `${name}: ${outcome}`);
}

/** What several reports come to. */
export async function tallyOf(...texts: readonly string[]): Promise<TestTally> {
  const gatherer = createTestTally();
  for (const [index, text] of texts.entries()) {
    const path = `report-${index}.xml`;
    await read(source(text, path), gatherer.sink(path));
  }
  return gatherer.tally();
}

/** A report that a tool has written. */
export function sample(path: string): string {
  return readFileSync(join(samples, path), 'utf8');
}

export const policy: TestPolicy = { minimumReports: 1, minimumTests: 1, regressions: false };
