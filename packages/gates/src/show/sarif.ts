import type { Finding } from '@gatewright/verdict';
import { fixOf, messageOf, packageOf, pathInTree } from './account.ts';
import type { GateAccount } from './account.ts';
import { counted } from './figures.ts';
import { gravestFirst } from './groups.ts';

/**
 * GitHub refuses a document with more than 25,000 results and keeps 5,000 of them by rules of its own, so the gravest are
 * picked here (its page "results exceed limit" on troubleshooting SARIF uploads).
 */
export const mostSarifResults = 5000;

type SarifLevel = 'error' | 'warning' | 'note';

interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly properties: {
    /** GitHub keeps ten of them. */
    readonly tags: readonly string[];
    /** Only with the tag `security`: what GitHub makes its severity words from. */
    readonly 'security-severity'?: string;
  };
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId: '%SRCROOT%' };
      readonly region?: { readonly startLine: number; readonly startColumn?: number };
    };
  }[];
  /** `primaryLocationLineHash` is the one that GitHub knows an alert again by. */
  readonly partialFingerprints: {
    readonly primaryLocationLineHash: string;
    readonly 'gatewrightFinding/v1': string;
  };
  readonly baselineState?: 'new' | 'unchanged';
}

/** A SARIF 2.1.0 document with one run. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: { readonly name: string; readonly rules: readonly SarifRule[] };
      };
      /** GitHub takes one upload per category and tool; the category ends at the last slash. */
      readonly automationDetails: { readonly id: string };
      readonly columnKind: 'utf16CodeUnits';
      readonly invocations: readonly [
        {
          readonly executionSuccessful: boolean;
          readonly toolExecutionNotifications: readonly {
            readonly level: 'note';
            readonly message: { readonly text: string };
          }[];
        },
      ];
      readonly results: readonly SarifResult[];
    },
  ];
}

/**
 * The open findings as SARIF 2.1.0 within GitHub's limits, for an upload by the caller. Waived findings are not in it.
 *
 * @param placeless - file of the repository at which findings without a place stand, such as a lockfile: GitHub refuses
 *   results without one. Left out when it is not given; how many, a notification in the document says.
 */
export function toSarif(account: GateAccount, placeless?: string): SarifLog {
  const { result } = account;
  const placed = result.findings.toSorted(gravestFirst).flatMap((finding) => {
    const path = pathInTree(account, finding);
    if (path !== undefined) return [{ finding, path, isOwn: true }];
    return placeless === undefined ? [] : [{ finding, path: placeless, isOwn: false }];
  });
  const kept = placed.slice(0, mostSarifResults);
  const rules = rulesOf(kept.map(({ finding }) => finding));
  const index = new Map(rules.map(({ id }, position) => [id, position]));
  const leftOut = result.findings.length - kept.length + result.findingsOmitted;
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: `Gatewright ${result.gate} gate`, rules } },
        automationDetails: { id: `gatewright/${result.gate}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: result.verdict !== 'error',
            toolExecutionNotifications: leftOut === 0 ? [] : [notification(leftOut)],
          },
        ],
        results: kept.map(({ finding, path, isOwn }) => ({
          ruleId: finding.id,
          ruleIndex: index.get(finding.id) ?? 0,
          level: levelOf(finding),
          message: { text: textOf(finding) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' },
                ...(isOwn ? regionOf(finding) : {}),
              },
            },
          ],
          partialFingerprints: {
            primaryLocationLineHash: `${finding.fingerprint}:1`,
            'gatewrightFinding/v1': finding.fingerprint,
          },
          ...baselineOf(finding),
        })),
      },
    ],
  };
}

function notification(leftOut: number): {
  readonly level: 'note';
  readonly message: { readonly text: string };
} {
  const text = `${counted(leftOut, 'finding')} left out: without a place in the repository, or beyond the limit.`;
  return { level: 'note', message: { text } };
}

/** A rule per id; when its findings differ, the gravest one speaks for it. Findings come gravest first. */
function rulesOf(findings: readonly Finding[]): SarifRule[] {
  const rules = new Map<string, SarifRule>();
  for (const finding of findings) {
    if (!rules.has(finding.id)) rules.set(finding.id, ruleOf(finding));
  }
  return [...rules.values()];
}

const securityKinds = new Set(['vulnerability', 'secret', 'misconfiguration']);

function ruleOf(finding: Finding): SarifRule {
  const { id, kind, level } = finding;
  const score = scores.get(level);
  const isSecurity = securityKinds.has(kind);
  return {
    id,
    shortDescription: { text: finding.kind === 'lint' ? id : textOf(finding) },
    properties: {
      tags: isSecurity ? ['security', kind] : [kind],
      ...(isSecurity && score !== undefined ? { 'security-severity': score } : {}),
    },
  };
}

/** In the middle of the ranges from which GitHub makes the same word; what is unknown has no score. */
const scores = new Map<string, string>([
  ['critical', '9.5'],
  ['high', '8.0'],
  ['moderate', '5.5'],
  ['low', '2.0'],
]);

const levels = new Map<string, SarifLevel>([
  ['error', 'error'],
  ['warning', 'warning'],
  ['note', 'note'],
  ['critical', 'error'],
  ['high', 'error'],
  ['moderate', 'warning'],
  ['low', 'note'],
]);

function levelOf({ level, blocking }: Finding): SarifLevel {
  return levels.get(level) ?? (blocking ? 'error' : 'warning');
}

function textOf(finding: Finding): string {
  const found = packageOf(finding);
  const parts = [found === undefined ? '' : `${found}:`, messageOf(finding), fixOf(finding)];
  return parts.filter((part) => part !== '').join(' ') || finding.id;
}

function regionOf({ line, column }: Finding): {
  readonly region?: { readonly startLine: number; readonly startColumn?: number };
} {
  if (line === undefined) return {};
  return { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
}

/** Relative, and each segment encoded: a colon would make a scheme of it, a `#` a fragment. */
function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function baselineOf({ baseline }: Finding): { readonly baselineState?: 'new' | 'unchanged' } {
  if (baseline === 'not-compared') return {};
  return { baselineState: baseline === 'new' ? 'new' : 'unchanged' };
}
