import cvss from 'ae-cvss-calculator';

/** Version of the CVSS standard, as vectors name it. */
export type CvssVersion = '4.0' | '3.1' | '3.0' | '2.0';

/** What a vector's base metrics come to. */
export interface BaseScore {
  readonly version: CvssVersion;
  /** 0 to 10 with one decimal. */
  readonly score: number;
}

const thirdBase = ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A'];
const standards = {
  '4.0': {
    base: ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA'],
    prefix: 'CVSS:4.0/',
    parse: (vector: string) => new cvss.Cvss4P0(vector),
  },
  '3.1': {
    base: thirdBase,
    prefix: 'CVSS:3.1/',
    parse: (vector: string) => new cvss.Cvss3P1(vector),
  },
  '3.0': {
    base: thirdBase,
    prefix: 'CVSS:3.0/',
    parse: (vector: string) => new cvss.Cvss3P0(vector),
  },
  '2.0': {
    base: ['AV', 'AC', 'Au', 'C', 'I', 'A'],
    prefix: '',
    parse: (vector: string) => new cvss.Cvss2(vector),
  },
} as const;

/**
 * The base score of a CVSS vector of version 2.0 to 4.0. Undefined when the vector is invalid, names a metric twice, or
 * lacks a base metric: the library would score an incomplete one 0.
 *
 * Only the base metrics are given to the calculation. What the library calls overall, and for 4.0 also what it calls base,
 * is lowered by temporal and threat metrics, which age.
 */
export function baseScore(vector: string): BaseScore | undefined {
  const plain = vector.trim().replace(/^\((.*)\)$/, '$1');
  const version = versionOf(plain);
  const { base, prefix, parse } = standards[version];
  const metrics = metricsOf(plain.slice(prefix.length));
  if (metrics === undefined || !base.every((name) => metrics.has(name))) return undefined;
  const baseOnly = prefix + base.map((name) => `${name}:${metrics.get(name) ?? ''}`).join('/');
  try {
    // The whole vector is parsed as well: one with an invalid metric is not to be trusted in the others.
    parse(plain);
    const parsed = parse(baseOnly);
    const score = parsed.isBaseFullyDefined() ? parsed.calculateScores(false).base : undefined;
    return score === undefined ? undefined : { version, score };
  } catch {
    return undefined;
  }
}

function versionOf(vector: string): CvssVersion {
  if (vector.startsWith('CVSS:4.0/')) return '4.0';
  if (vector.startsWith('CVSS:3.1/')) return '3.1';
  return vector.startsWith('CVSS:3.0/') ? '3.0' : '2.0';
}

function metricsOf(text: string): ReadonlyMap<string, string> | undefined {
  const metrics = new Map<string, string>();
  for (const part of text.split('/')) {
    const [, name, value] = /^([A-Za-z]+):([A-Za-z]+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined || metrics.has(name)) return undefined;
    metrics.set(name, value);
  }
  return metrics;
}
