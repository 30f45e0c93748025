/** One call that the emulator answered, or broke off. */
export interface CallRecord {
  /** ISO 8601. */
  readonly time: string;
  readonly service: 'ssm' | 'sts' | 's3';
  readonly operation: string;
  /** ARN; empty when the caller could not be told. */
  readonly caller: string;
  /** AWS's error code, or `connection-lost` for a broken connection. */
  readonly errorCode?: string;
  /** The request in short: long texts are cut, tokens are left out. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

const longestText = 300;

function shorten(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  }
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value === 'object' && value !== null) return summary(value);
  return value;
}

/** A request's members, with long texts cut. */
export function summary(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shorten(item)]));
}
