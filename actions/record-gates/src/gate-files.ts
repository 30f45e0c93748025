import { createHash } from 'node:crypto';
import type { FoundFile, FoundResults } from '@gatewright/runtime';
import { gateName, gateResult } from '@gatewright/verdict';
import type { GateName, GateResult } from '@gatewright/verdict';

interface UsableFile {
  readonly file: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  readonly result: GateResult;
}

/** What one gate left. */
export type GateFile =
  | ({ readonly kind: 'usable' } & UsableFile)
  | { readonly kind: 'unusable'; readonly problem: string };

/** Takes every file for hostile: a gate has exactly one result that can be read, or it has none. */
export function parseGateFiles(found: FoundResults): ReadonlyMap<GateName, GateFile> {
  const files = found.kind === 'present' ? found.files : [];
  const parsed = files.map((file) => parseFile(file));
  const unread =
    found.kind === 'unreadable'
      ? [found.why]
      : parsed.flatMap((file) => ('problem' in file ? [file.problem] : []));
  const usable = parsed.filter((file) => 'result' in file);
  return new Map(
    gateName.options.map((gate) => [
      gate,
      onlyOne(
        usable.filter(({ result }) => result.gate === gate),
        unread,
      ),
    ]),
  );
}

function onlyOne(own: readonly UsableFile[], unread: readonly string[]): GateFile {
  const [only] = own;
  if (only !== undefined && own.length === 1) return { kind: 'usable', ...only };
  if (own.length > 1) {
    const names = own.map(({ file }) => file).join(', ');
    return { kind: 'unusable', problem: `left ${own.length} results: ${names}` };
  }
  const why = unread.length === 0 ? '' : ` (${unread.join('; ')})`;
  return { kind: 'unusable', problem: `left no usable result${why}` };
}

function parseFile(file: FoundFile): UsableFile | { readonly problem: string } {
  if ('problem' in file) return { problem: `${file.name}: ${file.problem}` };
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.bytes));
  } catch {
    return { problem: `${file.name}: not JSON` };
  }
  const parsed = gateResult.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue?.path.map(String).join('.') ?? '';
    return { problem: `${file.name}: ${place}: ${issue?.message ?? 'not a gate result'}` };
  }
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  return { file: file.name, sha256, result: parsed.data };
}
