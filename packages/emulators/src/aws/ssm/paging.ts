import { AwsError } from '../errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly NextToken?: string;
}

/** Cuts a list into pages. A token is good only for the list that it came from. Throws InvalidNextToken. */
export function page<T>(
  items: readonly T[],
  size: number,
  token: string | undefined,
  list: string,
): Page<T> {
  let start = 0;
  if (token !== undefined && token !== '') {
    const match = /^(.+):(\d+)$/su.exec(Buffer.from(token, 'base64url').toString('utf8'));
    if (match?.[1] !== list)
      throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
    start = Number(match[2]);
  }
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length && {
      NextToken: Buffer.from(`${list}:${end}`).toString('base64url'),
    }),
  };
}
