import { isReasonCode } from '@gatewright/verdict';
import type { ReasonCode } from '@gatewright/verdict';
import * as z from 'zod';
import { resultSchemaName } from './result-schema-name.ts';

/** The file behind the output `result-path`. Each action adds keys of its own. */
export const resultDocument = z.looseObject({
  schema: z.literal(resultSchemaName),
  action: z.string(),
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'error', 'skipped']),
  reasonCode: z.custom<ReasonCode>((value) => typeof value === 'string' && isReasonCode(value)),
  explanation: z.string(),
  checked: z.array(z.string()),
  remedy: z.string().optional(),
});
export type ResultDocument = z.infer<typeof resultDocument>;

/** JSON Schema (draft 2020-12) of a result file. */
export function resultJsonSchema(): z.core.JSONSchema.JSONSchema {
  const { $schema, ...rest } = z.toJSONSchema(resultDocument, { unrepresentable: 'any' });
  return {
    ...($schema === undefined ? {} : { $schema }),
    title: 'Result of a Gatewright action',
    ...rest,
  };
}
