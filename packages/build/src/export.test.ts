import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportWorkflows } from './export.ts';

const root = join(import.meta.dirname, '../../..');
const sha = 'a'.repeat(40);
let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'gatewright-export-'));
});
afterEach(() => rmSync(out, { recursive: true }));

const pinned = ['--repository', 'acme/tools', '--sha', sha, '--version', 'v1.2.3'];

describe('the export', () => {
  it('names every own action by repository and commit, in every workflow', () => {
    const done = exportWorkflows(root, ['--self-ref', 'pinned', ...pinned, '--out', out]);
    const files = 'files' in done ? done.files : [];
    expect(files.map((file) => basename(file))).toEqual(
      expect.arrayContaining(['deploy.yml', 'rollback.yml']),
    );
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(text).not.toMatch(/uses: \$\//);
      expect(text).toMatch(new RegExp(`uses: acme/tools/actions/[a-z-]+@${sha} # v1\\.2\\.3\n`));
    }
  });

  it('can leave the references as GitHub resolves them', () => {
    const done = exportWorkflows(root, ['--self-ref', 'self', '--out', out]);
    const [first = ''] = 'files' in done ? done.files : [];
    expect(readFileSync(first, 'utf8')).toContain('uses: $/actions/');
  });

  it.each([
    [['--sha', 'v1']],
    [['--version', '1.2.3']],
    [['--repository', 'tools']],
    [['--self-ref', 'other']],
  ])('refuses %j and says what is accepted', (words) => {
    const done = exportWorkflows(root, [...pinned, '--out', out, ...words]);
    expect(done).toEqual({
      problems: [expect.stringMatching(`^${words[0]} ${words[1]}: accepted is`)],
    });
  });
});
