import type { Waiver } from '@gatewright/verdict';
import * as z from 'zod';
import { text } from './scalars.ts';

// A stray space at an end would let a waiver silently match nothing.
const line = (most: number, meant: string): z.ZodString =>
  text(
    new RegExp(String.raw`^(?=[^\p{Cc}]{1,${most}}$)\S(?:.*\S)?$`, 'u'),
    `${meant}: one line of 1 to ${most} characters without spaces at its ends`,
  );

/** The shape only (purl-spec); which types and versions there are, the gate knows. */
const packageUrl = text(
  /^pkg:[A-Za-z][A-Za-z0-9.+-]*(?:\/[^\s/?#]+)*\/[^\s/?#@][^\s/?#]*(?:\?[^\s#]+)?(?:#\S+)?$/,
  'a package URL such as pkg:npm/lodash or pkg:npm/lodash@4.17.20',
);

const treeGlob = text(
  /^(?!\/|\.\/)(?!.*(^|\/)\.\.(\/|$))(?=\S)[^\p{Cc}]{0,1023}\S$/u,
  'a glob over paths of the repository such as test/**, without a leading / or ./ and without .. segments',
);

const scope = z
  .strictObject({
    package: packageUrl
      .optional()
      .describe('Package URL; without a version it matches every version.'),
    path: treeGlob.optional().describe('Glob over the path of the finding.'),
  })
  .refine((value) => Object.keys(value).length > 0, {
    error: 'names neither package nor path; leave it out if the waiver holds everywhere',
  })
  .transform((value) => ({
    ...(value.package !== undefined && { package: value.package }),
    ...(value.path !== undefined && { path: value.path }),
  }));

const waiver = z
  .strictObject({
    id: line(
      1024,
      'the rule, test or advisory by its own name, an alias of it, or a fingerprint',
    ).describe('Id, alias or fingerprint of the findings.'),
    scope: scope.optional().describe('Narrows the waiver; both must match when both are given.'),
    reason: text(
      /^(?=\s*\S)(?:[^\p{Cc}]|[\t\n\r]){1,4096}$/u,
      'why the finding may stand, in up to 4096 characters',
    ).describe('Why the finding may stand.'),
    owner: line(256, 'who answers for it').describe(
      'Who answers for it: a login, a team or an address.',
    ),
    expires: z.iso
      .date({ error: 'a day of the calendar as YYYY-MM-DD' })
      .describe('Last day on which the waiver holds, as YYYY-MM-DD, in UTC.'),
    ticket: line(1024, 'where it is tracked')
      .optional()
      .describe('Where it is tracked: a number or an address.'),
  })
  .transform((value): Waiver => ({
    id: value.id,
    ...(value.scope !== undefined && { scope: value.scope }),
    // YAML's folded texts end with a line break.
    reason: value.reason.trim().replaceAll(/\s+/g, ' '),
    owner: value.owner,
    expires: value.expires,
    ...(value.ticket !== undefined && { ticket: value.ticket }),
  }));

/** As much of an entry as tells it from others, also when the rest of it is wrong. */
const named = z.object({
  id: z.string(),
  scope: z
    .object({ package: z.string().optional(), path: z.string().optional() })
    .optional()
    .transform((value) => [value?.package, value?.path]),
});

const waivers = z.array(waiver).superRefine(
  (entries, context) => {
    const first = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      const { data } = named.safeParse(entry);
      if (data === undefined) continue;
      const key = JSON.stringify([data.id, data.scope]);
      const before = first.get(key);
      if (before === undefined) {
        first.set(key, index);
        continue;
      }
      // Which of the two holds, and until when, nobody could tell from the file.
      const message = `"${data.id}" is waived already with the same scope, by waivers[${before}]`;
      context.addIssue({ code: 'custom', message, path: [index, 'id'] });
    }
  },
  // Also when an entry is wrong: all problems are to be told at once.
  { when: ({ value }) => Array.isArray(value) },
);

/** The schema of waivers.yml; its output is what the waivers are, without the frame. */
export const waiversSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this file format.'),
    waivers: waivers.describe('The waivers; each names findings that may stand for a time.'),
  })
  .transform((file) => file.waivers);
