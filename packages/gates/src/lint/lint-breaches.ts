import type { Finding } from '@gatewright/verdict';
import type { Breach } from '../judgement.ts';
import type { LintPolicy } from '../policy.ts';

/** @param blocking - findings that fail by their level, gravest first */
export function levelBreach(blocking: readonly Finding[], policy: LintPolicy): Breach[] {
  const [first] = blocking;
  if (first === undefined) return [];
  const { failOn, newOnly } = policy;
  const limit = failOn === 'error' ? 'error' : `${failOn} or graver`;
  const what = `${plural(blocking.length, newOnly ? 'new finding' : 'finding')} of level ${limit}`;
  return [
    {
      verdict: 'fail',
      reasonCode: 'lint-failed',
      explanation: `${what}; the first: ${describe(first)}.`,
      remedy: 'Fix them, or enter a waiver with a reason, an owner and a last day.',
    },
  ];
}

/** @param places - what was not analysed, gravest first */
export function unanalysedBreach(places: readonly Finding[]): Breach[] {
  const [first] = places;
  if (first === undefined) return [];
  return [
    {
      verdict: 'error',
      reasonCode: 'not-analysed',
      explanation: `${plural(places.length, 'place')} not analysed; the first: ${describe(first)}.`,
      remedy: 'Mend what stopped the tool there; until then it is not known what it would find.',
    },
  ];
}

/** @param problem - why the base cannot be compared with */
export function baseBreach(problem: string): Breach {
  return {
    verdict: 'error',
    reasonCode: 'base-unusable',
    explanation: `Only new findings count, but ${problem}.`,
    remedy: 'Give the result of the lint gate for the commit that the change starts from.',
  };
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function describe({ path, line, id, message }: Finding): string {
  const place = path === undefined ? '' : `${path}${line === undefined ? '' : `:${line}`}: `;
  return `${place}${message.replace(/\.$/, '')} (${id})`;
}
