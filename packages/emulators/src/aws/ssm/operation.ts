import type * as z from 'zod';
import type { Principal } from '../iam.ts';

/** One operation of an API: what it needs to be allowed, and what it does with a request that is already valid. */
export interface Operation {
  /** ARNs on which `ssm:<operation>` must be allowed. */
  readonly resources: (request: unknown) => readonly string[];
  readonly run: (request: unknown, caller: Principal) => object | Promise<object>;
}

export type Operations = Readonly<Record<string, Operation>>;

/** Binds a handler to the members that it reads; the service model has checked the request before. */
export function operation<S extends z.ZodType>(
  schema: S,
  handler: {
    readonly resources: (request: z.infer<S>) => readonly string[];
    readonly run: (request: z.infer<S>, caller: Principal) => object | Promise<object>;
  },
): Operation {
  return {
    resources: (request) => handler.resources(schema.parse(request)),
    run: (request, caller) => handler.run(schema.parse(request), caller),
  };
}

/** An absent member, and a null one, which AWS takes for absent. */
export function optional<S extends z.ZodType>(schema: S): z.ZodType<z.infer<S> | undefined> {
  return schema.nullish().transform((value) => value ?? undefined);
}
