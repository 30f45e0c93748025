import type { GateEvidence, GateName } from '@gatewright/verdict';
import { readReport } from '../report/read-report.ts';
import type { ReadRequest } from '../report/read-report.ts';
import { ReportError } from '../report/report-error.ts';
import type { ReportInput } from './collected.ts';
import { fileSource } from './find-reports.ts';

/** What a gate adds to a report to have it read. */
export type GateReading<Sink> = Omit<ReadRequest<Sink>, 'source' | 'declared'>;

/**
 * Reads a report of a gate. What the other gates read is loaded only to call a report by its name that this one does not
 * know, which saves most runs more than half of their start.
 *
 * @throws ReportError when it is no evidence.
 */
export async function readInput<Sink>(
  gate: GateName,
  { path, file, declared }: ReportInput,
  reading: GateReading<Sink>,
): Promise<GateEvidence> {
  const request = (): ReadRequest<Sink> => ({
    ...reading,
    source: fileSource(path, file),
    ...(declared === undefined ? {} : { declared }),
  });
  try {
    return await readReport(request());
  } catch (error) {
    if (!(error instanceof ReportError) || error.reasonCode !== 'report-unrecognised') throw error;
    const { readersOfOthers } = await import('./foreign.ts');
    const foreign = [...reading.foreign, ...readersOfOthers(gate)];
    return readReport({ ...request(), foreign });
  }
}
