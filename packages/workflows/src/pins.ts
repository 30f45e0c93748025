import type { ParsedNode } from 'yaml';
import * as z from 'zod';
import { at, commentOf, items, parseWorkflow, textOf } from './workflow-source.ts';

const pin = z.strictObject({
  /** `owner/name`, without a folder in it. */
  action: z.string(),
  version: z.string(),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  /** Of the tag. */
  date: z.iso.date(),
  /** Where the SHA was read. */
  source: z.string(),
});
const pinFile = z.strictObject({ pins: z.array(pin) });

/** A third-party action in the one version of it that we use. */
export type Pin = z.infer<typeof pin>;

/** Something that a file uses otherwise than the pins say. */
export interface PinFinding {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Reads the file of pins, by action. */
export function readPins(text: string): ReadonlyMap<string, Pin> {
  const value: unknown = JSON.parse(text);
  return new Map(pinFile.parse(value).pins.map((one) => [one.action, one]));
}

const thirdParty = /^([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@(\S+)$/;

/** Whether a workflow uses third-party code exactly as the pins say, comment included. */
export function checkPins(text: string, pins: ReadonlyMap<string, Pin>): readonly PinFinding[] {
  const source = parseWorkflow(text);
  return usesIn(text).flatMap((node) => {
    const [, action, ref] = thirdParty.exec(textOf(node) ?? '') ?? [];
    // The example of a workflow calls ourselves, in the name of whoever serves us.
    if (action === undefined || ref === undefined || action.startsWith('OWNER/')) return [];
    const message = problemOf(action, ref, commentOf(node), pins.get(action));
    return message === undefined ? [] : [{ line: source.lineOf(node), message }];
  });
}

/** The third-party actions that a workflow uses. */
export function actionsIn(text: string): readonly string[] {
  return usesIn(text).flatMap((node) => thirdParty.exec(textOf(node) ?? '')?.[1] ?? []);
}

function problemOf(
  action: string,
  ref: string,
  comment: string,
  known: Pin | undefined,
): string | undefined {
  if (known === undefined) return `${action} has no pin`;
  if (ref !== known.sha) return `${action} is ${ref}, not ${known.sha} (${known.version})`;
  if (comment.split(/\s/)[0] === known.version) return undefined;
  return `${action}: the comment says ${comment || 'nothing'}, not ${known.version}`;
}

function usesIn(text: string): readonly ParsedNode[] {
  const source = parseWorkflow(text);
  return source
    .entries(at(source.top, 'jobs'))
    .flatMap(({ value: job }) =>
      [job, ...items(at(job, 'steps'))].flatMap((holder) => at(holder, 'uses') ?? []),
    );
}
