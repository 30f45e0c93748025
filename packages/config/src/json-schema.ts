import * as z from 'zod';
import { appConfigSchema } from './app-config.ts';
import { policySchema } from './policy.ts';
import { waiversSchema } from './waivers.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * JSON Schema (draft 2020-12) of gatewright.yml as written, for editors. Rules across fields are not all in it.
 *
 * This repository carries it as `docs/reference/gatewright.schema.json`; its `$id` is that file's name, to be resolved
 * against wherever the file was read from. An editor with the YAML language server finds it by a first line
 * `# yaml-language-server: $schema=<path or URL of that file>`, or by its setting `yaml.schemas`, which maps the path or
 * URL to `gatewright.yml`.
 */
export function appConfigJsonSchema(): JsonSchema {
  return describe(appConfigSchema, {
    $id: 'gatewright.schema.json',
    title: 'gatewright.yml',
    description:
      'What an application tells Gatewright: how it is packed, run on a host, and proved good.',
  });
}

/**
 * JSON Schema (draft 2020-12) of policy.yml as written, for editors. Rules across fields are not all in it.
 *
 * This repository carries it as `docs/reference/policy.schema.json`; an editor finds it as that of
 * {@link appConfigJsonSchema}, for `.github/gatewright/policy.yml`.
 */
export function policyJsonSchema(): JsonSchema {
  return describe(policySchema, {
    $id: 'policy.schema.json',
    title: '.github/gatewright/policy.yml',
    description:
      'Where releases may go (environments, their protection, targets, strategy and limits), and what the gates allow.',
  });
}

/**
 * JSON Schema (draft 2020-12) of waivers.yml as written, for editors. Rules across fields are not all in it.
 *
 * This repository carries it as `docs/reference/waivers.schema.json`; an editor finds it as that of
 * {@link appConfigJsonSchema}, for `.github/gatewright/waivers.yml`.
 */
export function waiversJsonSchema(): JsonSchema {
  return describe(waiversSchema, {
    $id: 'waivers.schema.json',
    title: '.github/gatewright/waivers.yml',
    description: 'Findings that may stand for a time: which, why, who answers for it, until when.',
  });
}

function describe(
  schema: z.ZodType,
  head: { $id: string; title: string; description: string },
): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return { ...($schema === undefined ? {} : { $schema }), ...head, ...rest };
}
