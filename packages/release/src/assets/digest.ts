import { createHash } from 'node:crypto';

/** SHA-256 in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Names and digests in the form of `sha256sum`. */
export function renderChecksums(digests: ReadonlyMap<string, string>): string {
  return [...digests].map(([name, digest]) => `${digest}  ${name}\n`).join('');
}

/** Reads what `renderChecksums` wrote; `undefined` when a line has another form. */
export function readChecksums(text: string): ReadonlyMap<string, string> | undefined {
  const digests = new Map<string, string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, digest, name] = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line) ?? [];
    if (digest === undefined || name === undefined || digests.has(name)) return undefined;
    digests.set(name, digest);
  }
  return digests;
}

/** Names whose digest differs, or that only one side has. */
export function differences(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (name) => one.get(name) !== other.get(name),
  );
}
