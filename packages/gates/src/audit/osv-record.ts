import { cleanText } from '../report/clean-text.ts';
import { list, object, text } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import type { SeverityEvidence } from './item.ts';
import { severityOfWord } from './severity-words.ts';
import { gravest } from './severity.ts';

/**
 * What the OSV records of one vulnerability say of its severity: every vector, for one that is invalid must not void the
 * others (F9), and the gravest word of the GitHub database.
 *
 * @param maximum - highest score by the tool; empty when it could not read a vector
 */
export function severityOf(
  records: readonly JsonEntry[],
  maximum: string | undefined,
): SeverityEvidence {
  const words = records.flatMap((record) => {
    const specific = object(record, 'database_specific');
    const { severity: word } = specific?.fields ?? {};
    return typeof word === 'string' ? (severityOfWord(word) ?? []) : [];
  });
  const vectors = records.flatMap((record) => list(record, 'severity').flatMap(vectorOf));
  const score = maximum === undefined || maximum === '' ? Number.NaN : Number(maximum);
  const ghsa = gravest(words);
  return {
    ...(ghsa === undefined ? {} : { ghsa }),
    vectors,
    scores: Number.isFinite(score) ? [{ value: score }] : [],
  };
}

function vectorOf(severity: JsonEntry): string[] {
  const type = text(severity, 'type') ?? '';
  const score = text(severity, 'score') ?? '';
  return type.startsWith('CVSS') && score !== '' ? [score] : [];
}

/** The versions in which the affected ranges of a package end. Git ranges end in commits, which are no versions. */
export function fixesOf(records: readonly JsonEntry[], info: JsonEntry): string[] {
  const name = text(info, 'name');
  const versions = records.flatMap((record) =>
    list(record, 'affected')
      .filter((affected) => {
        const other = object(affected, 'package');
        return other !== undefined && text(other, 'name') === name;
      })
      .flatMap((affected) => list(affected, 'ranges'))
      .filter((range) => text(range, 'type') !== 'GIT')
      .flatMap((range) => list(range, 'events'))
      .map((event) => cleanText(text(event, 'fixed') ?? '', 100))
      .filter((version) => version !== ''),
  );
  return [...new Set(versions)].toSorted();
}
