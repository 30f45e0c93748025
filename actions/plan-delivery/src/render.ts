import type { EnvironmentPolicy } from '@gatewright/config';
import { durationText } from './brief.ts';
import type { Brief } from './brief.ts';
import { codeSpan } from './code-span.ts';
import type { Unknown } from './unknowns.ts';

const mostCommits = 30;
const mostWaves = 12;

/** The brief as one page of GitHub Markdown. Every text that somebody else wrote stands in a code span. */
export function renderBrief(brief: Brief): string {
  const { release, environment } = brief;
  return [
    `## Approve ${codeSpan(release.app)} ${codeSpan(release.version)} for ${codeSpan(environment)}?`,
    table(
      ['Release', 'Commit', 'SHA-256', 'Size'],
      [
        [
          codeSpan(release.version),
          commitLink(brief, release.commit),
          codeSpan(release.digest),
          `${Math.ceil(release.bytes / 1024)} KiB`,
        ],
      ],
    ),
    '### What changes',
    ...changes(brief),
    '### How it rolls out',
    ...rollout(brief),
    '### How it is proven',
    `${probes(brief.policy)} Every answer must come from release ${codeSpan(release.version)} exactly, ${release.verify.consecutiveSuccesses} times in a row, within ${durationText(release.verify.deadlineSeconds)}.`,
    table(
      ['Check', 'Request', 'Expected'],
      brief.checks.map(({ name, request, expects }) => [name, request, expects].map(codeSpan)),
    ),
    '### The way back',
    wayBack(brief),
    '### What is unknown',
    brief.unknowns.map(unknownItem).join('\n'),
    '### How to verify this page',
    ...verification(brief),
    '',
  ].join('\n\n');
}

function changes(brief: Brief): string[] {
  const { deployed, changes: compared } = brief.readings;
  if (deployed.kind === 'unreadable') {
    return ['**Not known:** GitHub did not say what is deployed now; see "What is unknown".'];
  }
  if (deployed.value === undefined) {
    return [
      'GitHub knows no earlier successful deployment to this environment: everything is new.',
    ];
  }
  const { sha, at } = deployed.value;
  const since = `Last successful deployment: ${commitLink(brief, sha)} at ${codeSpan(at)}.`;
  if (compared === undefined || compared.kind === 'unreadable') {
    return [since, '**Not known:** the commits since then; see "What is unknown".'];
  }
  const { status, commits, total, behind } = compared.value;
  const shown = commits.toReversed().slice(0, mostCommits);
  return [
    since,
    ...(status === 'identical' ? ['The same commit is deployed already.'] : []),
    ...(behind > 0
      ? [`**A step back:** ${behind} ${behind === 1 ? 'commit' : 'commits'} of it will be gone.`]
      : []),
    ...(shown.length > 0
      ? [
          table(
            ['Commit', 'Author', 'Message'],
            shown.map(({ sha: commit, author, subject }) => [
              commitLink(brief, commit),
              codeSpan(author),
              codeSpan(subject),
            ]),
          ),
        ]
      : []),
    ...(total > shown.length ? [`and ${total - shown.length} older commits, not listed.`] : []),
  ];
}

function rollout(brief: Brief): string[] {
  const { plan } = brief;
  const shown = plan.waves.slice(0, mostWaves);
  const rows = shown.map(({ number, hosts }) => [
    String(number),
    String(hosts.length),
    durationText(plan.worstCaseWaveSeconds),
  ]);
  return [
    approval(brief.policy),
    `Strategy: ${brief.strategy}. A wave begins only when the one before it is proven.`,
    table(['Wave', 'Hosts', 'At most'], rows),
    ...(plan.waves.length > shown.length
      ? [`and ${plan.waves.length - shown.length} more waves.`]
      : []),
    `All together at most **${durationText(plan.worstCaseSeconds)}**, when every host uses all its time; ${plan.apiCalls.least} to ${plan.apiCalls.most} AWS calls.`,
  ];
}

function approval({ protection }: EnvironmentPolicy): string {
  if (protection.kind === 'none') {
    return 'Approval: **nobody has to approve**; the policy leaves this environment open.';
  }
  const { reviewers = [], preventSelfReview, waitMinutes = 0, branches } = protection;
  const names = reviewers.map(({ kind, name }) => `${kind} ${codeSpan(name)}`).join(', ');
  const from =
    branches?.kind === 'patterns'
      ? branches.patterns.map((pattern) => codeSpan(pattern)).join(', ')
      : 'protected branches';
  return [
    reviewers.length > 0 ? `Approval: one of ${names}.` : 'Approval: no reviewer is declared.',
    ...(preventSelfReview === true ? ['Not the one who started the run.'] : []),
    ...(waitMinutes > 0 ? [`It waits for ${waitMinutes} min.`] : []),
    ...(branches === undefined ? [] : [`Only from ${from}.`]),
  ].join(' ');
}

function probes({ url, probeHosts }: EnvironmentPolicy): string {
  const asked = [
    ...(probeHosts ? ['each host of a wave, right after it was changed'] : []),
    ...(url === undefined ? [] : [`the public entry ${codeSpan(url)}`]),
  ];
  return asked.length === 0 ? '**Nothing is asked.**' : `Asked: ${asked.join('; then ')}.`;
}

function wayBack(brief: Brief): string {
  const { deployed } = brief.readings;
  if (brief.forwardOnly) {
    return '**There is none:** this release is declared `forward-only`. Where hosts serve another release, the deploy job refuses it.';
  }
  const how =
    'When a wave fails, the hosts that were changed are taken back without asking, last one first, and the earlier release is verified with its own checks; the others are not touched. The job ends red all the same.';
  if (deployed.kind === 'unreadable') return `${how} Which release that is, is not known here.`;
  if (deployed.value === undefined) {
    return 'First deployment as far as GitHub knows: there is nothing to go back to. When it fails, the application is stopped and the hosts serve nothing, as before.';
  }
  return `${how} It is the last one verified in this environment, by GitHub's account built from ${commitLink(brief, deployed.value.sha)}.`;
}

function verification({ release, run, readings }: Brief): string[] {
  const base = readings.deployed.kind === 'read' ? readings.deployed.value?.sha : undefined;
  const lines = [
    `gh run download ${run.runId} --repo ${run.repository} --name gatewright-release`,
    `echo '${release.digest}  release.tar.gz' | sha256sum --check`,
    'tar -xOzf release.tar.gz .gatewright/release',
    ...(base !== undefined && isSha(base) ? [`git log --oneline ${base}..${release.commit}`] : []),
  ];
  return [['```sh', ...lines, '```'].join('\n')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

function commitLink({ run }: Brief, sha: string): string {
  if (!isSha(sha)) return codeSpan(sha);
  return `[\`${sha.slice(0, 7)}\`](${run.serverUrl}/${run.repository}/commit/${sha})`;
}

function unknownItem({ what, because, said }: Unknown): string {
  return `- **${what}:** ${because}${said === undefined ? '' : ` ${codeSpan(said)}`}`;
}
