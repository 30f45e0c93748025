import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReportError } from '../report/report-error.ts';
import type { ReportInput } from './collected.ts';
import { readReports } from './read-reports.ts';

let file: string;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatewright-silent-'));
  file = join(directory, 'printed');
  await writeFile(file, '');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A gate whose readers refuse everything that they are given. */
const work = {
  read: ({ path }: ReportInput) => Promise.reject(new ReportError('report-empty', path, 'nothing')),
  judge: () => Promise.reject(new Error('nothing is judged here')),
};

const told = async (input: Partial<ReportInput>, exitCode: number): Promise<string> => {
  const report = { path: 'out', file, coverage: false, run: 0, ...input };
  const end = { exitCode, timedOut: false, lastLine: '' };
  const { evidence, problems } = await readReports(work, [report], [{ name: 'tool', end }]);
  const formats = evidence.map(({ format, items }) => `${format}:${items}`);
  return [...formats, ...problems.map(({ reasonCode }) => reasonCode)].join(' ');
};

describe('a tool that printed nothing', () => {
  it.each<[string, Partial<ReportInput>, number, string]>([
    ['is content when it is known for that and ended well', { declared: 'flake8' }, 0, 'flake8:0'],
    ['also when its format would only show by content', { silentFormat: 'yarn-4' }, 0, 'yarn-4:0'],
    ['is no evidence when it failed', { declared: 'flake8' }, 1, 'report-empty'],
    [
      'is no evidence when it always has something to say',
      { declared: 'sarif' },
      0,
      'report-empty',
    ],
    ['is no evidence when nobody knows what it is', {}, 0, 'report-empty'],
  ])('%s', async (_, input, exitCode, expected) => {
    expect(await told(input, exitCode)).toBe(expected);
  });
});
