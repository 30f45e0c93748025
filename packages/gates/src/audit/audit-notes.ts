import type { Finding } from '@gatewright/verdict';
import type { AuditPolicy } from '../policy.ts';
import type { SeenAuditItem } from './item.ts';
import { uncounted } from './limits.ts';

const remarksShown = 50;

/** What is to be known besides the verdict. */
export function auditNotes(about: {
  readonly items: readonly SeenAuditItem[];
  readonly open: readonly Finding[];
  readonly policy: AuditPolicy;
  readonly ignored: readonly string[];
}): string[] {
  const { items, open, policy, ignored } = about;
  const { known, unfixable, development, unrated } = uncounted(open, policy);
  const limits = [
    { count: known, text: 'are in the base and do not count (new-only)' },
    { count: unfixable, text: 'have no fixed version and do not count (fixable-only)' },
    { count: development, text: 'are in packages for development and do not count' },
    { count: unrated, text: 'have no usable severity, which only warns' },
  ];
  return [
    ...limits
      .filter(({ count }) => count > 0)
      .map(({ count, text }) => `${count} findings ${text}`),
    ...ignored,
    ...remarks(items),
  ];
}

function remarks(items: readonly SeenAuditItem[]): string[] {
  const told = items.flatMap((item) =>
    item.kind === 'note' ? [`${item.seenIn}: ${item.message}`] : [],
  );
  const different = [...new Set(told)].toSorted();
  const rest = different.length - remarksShown;
  return rest > 0
    ? [...different.slice(0, remarksShown), `and ${rest} more remarks of reports`]
    : different;
}
