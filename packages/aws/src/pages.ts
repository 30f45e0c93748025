import { InternalError } from '@gatewright/verdict';
import * as z from 'zod';

const tokenPart = z.object({ NextToken: z.string().nullish() });
const mostPages = 1000;

/** Reads every page of a listing. An empty token ends it, as AWS answers for some calls. */
export async function allPages(
  read: (token: { NextToken?: string }) => Promise<unknown>,
): Promise<unknown[]> {
  const pages: unknown[] = [];
  let token: { NextToken?: string } = {};
  while (pages.length < mostPages) {
    const answer = await read(token);
    pages.push(answer);
    const next = parseAnswer(tokenPart, answer, 'a listing').NextToken ?? '';
    if (next === '') return pages;
    token = { NextToken: next };
  }
  throw new InternalError(`a listing of AWS did not end after ${mostPages} pages`);
}

/** Reads an answer of AWS that must have this shape. */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new InternalError(`AWS answered ${what} in an unknown form: ${parsed.error.message}`, {
    cause: parsed.error,
  });
}
