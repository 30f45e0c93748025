/** One thing in the archive, ready to be written. Paths are relative and use `/`. */
export type ArchiveEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly isExecutable: boolean;
      readonly bytes: number;
      /** Yields exactly {@link bytes}. */
      readonly content: () => AsyncIterable<Uint8Array>;
    };

/** The largest tree that is packed, in bytes (512 MiB); the archive has the same limit. */
export const maxTreeBytes = 536_870_912;

/** The folder of the archive that belongs to Gatewright. */
export const ownFolder = '.gatewright';

/** By code units, so that no locale of a machine changes the order. */
export function byPath(left: { readonly path: string }, right: { readonly path: string }): number {
  if (left.path === right.path) return 0;
  return left.path < right.path ? -1 : 1;
}
