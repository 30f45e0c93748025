import * as z from 'zod';
import { appConfigSchema } from './app-config.ts';
import { policySchema } from './policy.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

const baseUrl = 'https://gatewright.dev/schema';

/** JSON Schema (draft 2020-12) of gatewright.yml as written, for editors. Rules across fields are not all in it. */
export function appConfigJsonSchema(): JsonSchema {
  return describe(appConfigSchema, {
    $id: `${baseUrl}/gatewright-1.schema.json`,
    title: 'gatewright.yml',
    description:
      'What an application tells Gatewright: how it is packed, run on a host, and proved good.',
  });
}

/** JSON Schema (draft 2020-12) of policy.yml as written, for editors. Rules across fields are not all in it. */
export function policyJsonSchema(): JsonSchema {
  return describe(policySchema, {
    $id: `${baseUrl}/policy-1.schema.json`,
    title: '.github/gatewright/policy.yml',
    description:
      'Where releases may go: environments, their protection, targets, strategy and limits.',
  });
}

function describe(
  schema: z.ZodType,
  head: { $id: string; title: string; description: string },
): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return { ...($schema === undefined ? {} : { $schema }), ...head, ...rest };
}
