import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@gatewright/verdict';
import fc from 'fast-check';
import { gateAnnotations } from './annotations.ts';
import { account, lintAccount, someFinding } from './test-support.ts';

function advisory(name: string): Finding {
  return someFinding({
    kind: 'vulnerability',
    id: 'GHSA-1',
    level: 'high',
    message: `Bad ${name}`,
    path: 'package-lock.json',
    package: { name, version: '1.0.0', fixedIn: [], scope: 'runtime' },
  });
}

function many(blocking: boolean): Finding[] {
  return Array.from({ length: 30 }, (_, index) =>
    someFinding({ id: `r${index}`, level: 'warning', blocking }),
  );
}

function isThere(path: string): boolean {
  return path === 'src/a.ts';
}

describe('gateAnnotations', () => {
  it('puts changed files first, then the gravest', () => {
    const findings = [
      someFinding({ id: 'far', path: 'src/z.ts', level: 'error' }),
      someFinding({ id: 'near-mild', path: 'src/b.ts', level: 'warning' }),
      someFinding({ id: 'near', path: 'src/b.ts', level: 'error', line: 9 }),
    ];
    const story = lintAccount(findings, { changed: new Set(['src/b.ts']) });
    expect(gateAnnotations(story).map(({ title }) => title)).toEqual([
      'near (error)',
      'near-mild (warning)',
      'far (error)',
    ]);
  });

  it('shows one cause once, with the other places', () => {
    const findings = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) =>
      someFinding({ path: `src/${name}.ts` }),
    );
    expect(gateAnnotations(lintAccount(findings))).toEqual([
      {
        level: 'error',
        title: 'no-console (error)',
        message:
          'Unexpected console statement. Also in src/b.ts:3, src/c.ts:3, src/d.ts:3, 2 more places.',
        file: 'src/a.ts',
        startLine: 3,
        startColumn: 5,
      },
    ]);
  });

  it('takes an advisory for one cause in all its packages', () => {
    const [only, ...others] = gateAnnotations(lintAccount([advisory('a'), advisory('b')]));
    expect(others).toEqual([]);
    expect(only?.message).toBe('a@1.0.0: Bad a No fixed version yet. Also in b@1.0.0:3.');
  });

  it('keeps to the slots of each level and says how many more there are', () => {
    const shown = gateAnnotations(lintAccount([...many(true), ...many(false)]));
    const errors = shown.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(8);
    expect(errors.at(-1)).toEqual({
      level: 'error',
      message: 'And 23 more findings; the summary of this step has them.',
    });
    expect(shown.filter(({ level }) => level === 'warning')).toHaveLength(9);
  });

  it('tells the limits that the verdict leaves out', () => {
    const story = lintAccount([someFinding()]);
    const second = {
      verdict: 'fail',
      reasonCode: 'lint-ratchet-exceeded',
      explanation: 'no-eval: 3 findings, 2 allowed',
    } as const;
    expect(gateAnnotations({ ...story, breaches: [...story.breaches, second] })[0]).toEqual({
      level: 'error',
      title: 'lint-ratchet-exceeded',
      message: 'no-eval: 3 findings, 2 allowed',
    });
  });

  it.each(['/etc/passwd', '../x.ts', 'a/../../x', 'C:\\x', 'src/gone.ts'])(
    'does not point at %s, which is not in the tree',
    (path) => {
      const [only] = gateAnnotations(lintAccount([someFinding({ path })], { inTree: isThere }));
      expect(only).not.toHaveProperty('file');
      expect(only).not.toHaveProperty('startLine');
      expect(only?.message).toContain(`(${path})`);
    },
  );

  it('never tells the words of a secret', () => {
    const secret = someFinding({ kind: 'secret', id: 'aws-key', message: 'AKIAIOSFODNN7EXAMPLE' });
    expect(JSON.stringify(gateAnnotations(lintAccount([secret])))).not.toContain('AKIA');
  });

  it('keeps to lines, lengths and slots, whatever the names are', () => {
    fc.assert(
      fc.property(account, (story) => {
        const shown = gateAnnotations(story);
        const errors = shown.filter(({ level }) => level === 'error');
        expect(errors.length).toBeLessThanOrEqual(8);
        expect(shown.length).toBeLessThanOrEqual(8 + 9 + 9);
        const texts = shown.map(({ title = '', message, file = 'a' }) => title + message + file);
        expect(texts.join('')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(Math.max(0, ...shown.map(({ title = '' }) => title.length))).toBeLessThan(256);
        expect(Math.max(0, ...shown.map(({ message }) => message.length))).toBeLessThan(1001);
        const outside = /^\/|(?:^|\/)\.\.(?:\/|$)/;
        expect(shown.filter(({ file = 'a' }) => outside.test(file))).toEqual([]);
      }),
    );
  });
});
