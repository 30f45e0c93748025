import { isReasonCode } from '@gatewright/verdict';
import type { ReasonCode } from '@gatewright/verdict';
import * as z from 'zod';

const prefix = 'gatewright-envelope: ';

const releaseRef = z.object({
  version: z.string().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What a host says of itself after an operation; the first line of what the program prints. */
export interface HostEnvelope {
  readonly schema: 'gatewright.host/1';
  readonly operation: 'preflight' | 'apply' | 'status' | 'revert';
  readonly outcome: 'ready' | 'applied' | 'not-applied' | 'restored' | 'unknown' | 'unfit';
  readonly reason: ReasonCode;
  readonly app: string;
  readonly run: string;
  readonly step: string;
  /** The generation that the operation came with. */
  readonly generation: number;
  /** The answer is the recorded one of the first time that this step arrived. */
  readonly replayed: boolean;
  /** The release that `current` points to. */
  readonly current: { readonly version: string; readonly digest: string } | null;
  /** The release that the current one took over from, if it is still here. */
  readonly previous: { readonly version: string; readonly digest: string } | null;
  /** Complete releases on the disk, the newest first. */
  readonly present: readonly { readonly version: string; readonly digest: string }[];
  /** Releases had to be left out of `present`, because SSM shows only 2500 characters. */
  readonly presentCut: boolean;
  /** The port that the current release listens on; null without a release. */
  readonly port: number | null;
  readonly seconds: number;
  /** One line for people, at most 200 bytes before escaping. */
  readonly detail: string;
}

/** The schema of {@link HostEnvelope}; keys that a later program adds are ignored. */
export const hostEnvelope: z.ZodType<HostEnvelope> = z.object({
  schema: z.literal('gatewright.host/1'),
  operation: z.enum(['preflight', 'apply', 'status', 'revert']),
  outcome: z.enum(['ready', 'applied', 'not-applied', 'restored', 'unknown', 'unfit']),
  reason: z.custom<ReasonCode>((value) => typeof value === 'string' && isReasonCode(value)),
  app: z.string(),
  run: z.string(),
  step: z.string(),
  generation: z.int().min(0),
  replayed: z.boolean(),
  current: releaseRef.nullable(),
  previous: releaseRef.nullable(),
  present: z.array(releaseRef),
  presentCut: z.boolean(),
  port: z.int().min(1).max(65_535).nullable(),
  seconds: z.int(),
  detail: z.string(),
});

/**
 * Reads the envelope from what SSM shows of a command's output. Undefined when the first line is not a complete
 * envelope: cut, overwritten or never printed, which all mean that the host has to be asked again.
 */
export function readEnvelope(stdout: string): HostEnvelope | undefined {
  const [line = ''] = stdout.split('\n', 1);
  if (!line.startsWith(prefix)) return undefined;
  try {
    const parsed = hostEnvelope.safeParse(JSON.parse(line.slice(prefix.length)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
