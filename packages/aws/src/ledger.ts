import { ledgerDraft } from '@gatewright/delivery';
import type { Ledger, LedgerDraft, LedgerRecord } from '@gatewright/delivery';
import { ConfigurationError, ServiceError } from '@gatewright/verdict';

import {
  advancedBytes,
  createParameter,
  numberedName,
  parameterJson,
  readNumbered,
} from './parameters.ts';
import type { NumberedParameter } from './parameters.ts';
import type { SsmApi } from './ssm-api.ts';

/** Attempts to find a free sequence number; only another writer without the lock could take one. */
const mostAttempts = 20;

/**
 * The ledger of one application in one environment: one create-only parameter per record,
 * `/gatewright/<app>/<environment>/ledger/<sequence>`.
 */
export function createLedger(
  api: SsmApi,
  place: { readonly app: string; readonly environment: string },
): Ledger {
  const path = `/gatewright/${place.app}/${place.environment}/ledger`;
  let newest: number | undefined;
  const read = async (): Promise<LedgerRecord[]> => {
    const records = (await readNumbered(api, path)).map(readRecord);
    newest = records.at(-1)?.sequence ?? 0;
    return records;
  };
  return {
    read,
    check: (draft) => void encode(draft),
    append: async (draft) => {
      const value = encode(draft);
      if (newest === undefined) await read();
      let sequence = newest ?? 0;
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        sequence += 1;
        if ((await createParameter(api, numberedName(path, sequence), value)) === 'taken') continue;
        newest = sequence;
        return { ...draft, sequence };
      }
      throw new ServiceError('service-error', `no free place in the ledger after ${sequence}`, {
        checked: [`tried ${mostAttempts} names below ${path}`],
      });
    },
  };
}

function encode(draft: LedgerDraft): string {
  const value = parameterJson(draft);
  const bytes = Buffer.byteLength(value);
  if (bytes <= advancedBytes) return value;
  throw new ConfigurationError(
    'config-invalid',
    `the ledger cannot hold the verify suite of ${draft.version}: the record has ${bytes} bytes, Parameter Store takes ${advancedBytes}`,
    { remedy: 'Shorten or merge the checks under verify in gatewright.yml.' },
  );
}

/** A ledger that cannot be read says nothing about what is good: better to stop than to choose from half of it. */
function readRecord({ name, number, value }: NumberedParameter): LedgerRecord {
  const parsed = ledgerDraft.safeParse(parseJson(value));
  if (parsed.success && !Number.isNaN(number)) return { ...parsed.data, sequence: number };
  throw new ServiceError('service-error', `the ledger record ${name} cannot be read`, {
    checked: [parsed.success ? 'its name does not end in a number' : parsed.error.message],
    remedy: `Compare ${name} with the other records and its own history in Parameter Store, and mend or remove it.`,
  });
}

/** undefined for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
