import * as z from 'zod';

/** A dated, owned, expiring exception for findings; one entry of waivers.yml. */
export const waiver = z.strictObject({
  /** Id, alias or fingerprint of a finding. */
  id: z.string(),
  /** Narrows the waiver; both must match when both are given. */
  scope: z
    .strictObject({
      /** Package URL; without a version it matches every version. */
      package: z.string().optional(),
      /** Glob over the path of the finding. */
      path: z.string().optional(),
    })
    .optional(),
  reason: z.string(),
  /** Who answers for it: a login, team or address. */
  owner: z.string(),
  /** Last day on which it holds, `YYYY-MM-DD`, in UTC. */
  expires: z.iso.date(),
  ticket: z.string().optional(),
});
export type Waiver = z.infer<typeof waiver>;
