import * as z from 'zod';

const level = z.enum(['read', 'write', 'none']);

const input = z.object({
  required: z.boolean(),
  default: z.string().optional(),
  /** The type of a workflow's input; those of actions are texts. */
  type: z.string().optional(),
  accepted: z.string().optional(),
  oneOf: z.array(z.string()).optional(),
  range: z.object({ min: z.number(), max: z.number() }).optional(),
});

const callable = z.object({
  inputs: z.record(z.string(), input),
  outputs: z.array(z.string()),
  reasonCodes: z.array(z.string()).default([]),
  /** Names of secrets, and whether they are required. */
  secrets: z.record(z.string(), z.boolean()).default({}),
  permissions: z.record(z.string(), level),
  aws: z.array(z.string()).default([]),
});

/** `docs/reference/contracts.json`: what callers may rely on, as data. */
export const contractDocument = z.object({
  schemaVersion: z.literal(1),
  actions: z.record(z.string(), callable),
  workflows: z.record(z.string(), callable),
});

export type InputContract = z.infer<typeof input>;
export type Callable = z.infer<typeof callable>;
export type ContractDocument = z.infer<typeof contractDocument>;

/** Where the document stands in the repository. */
export const contractPath = 'docs/reference/contracts.json';
