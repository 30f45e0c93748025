import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { treePath } from './tree-path.ts';

const roots = { root: '/work-tree', base: '/work-tree/web' };

describe('treePath', () => {
  it.each([
    ['src/a.js', 'web/src/a.js'],
    ['./src/a.js', 'web/src/a.js'],
    ['../api/a.py', 'api/a.py'],
    ['/work-tree/api/a.py', 'api/a.py'],
    ['file:///work-tree/api/Gr%C3%BC%C3%9Fe.py', 'api/Grüße.py'],
    ['file:/work-tree/api/a%20b.py', 'api/a b.py'],
    ['FILE:///work-tree/a.py', 'a.py'],
    ['src\\a.js', 'web/src/a.js'],
    ['..%2fapi', 'web/..%2fapi'],
    ['..a/b', 'web/..a/b'],
  ])('%s is %s', (raw, expected) => {
    expect(treePath(raw, roots)).toBe(expected);
  });

  it.each([
    '',
    '.',
    '..',
    '../..',
    '../../etc/passwd',
    '/etc/passwd',
    '/work-tree',
    '/work-tree-2/a.js',
    'src/../../../secret',
    '..\\..\\..\\secret',
    'file:///etc/passwd',
    'file:///work-tree/..%2f..%2fetc/passwd',
    'file:///%zz',
    'a\0b',
    'C:\\work\\a.js',
    'file:///C:/other/a.js',
  ])('%j leads out of the repository or nowhere', (raw) => {
    expect(treePath(raw, { root: '/work-tree', base: '/work-tree' })).toBeUndefined();
  });

  it('whatever a report says, the path stays inside', () => {
    const segment = fc.constantFrom('..', '.', 'a', '', '/', '\\', 'file://', '%2e%2e', 'C:', '~');
    const separator = fc.constantFrom('/', '\\', '');
    fc.assert(
      fc.property(fc.array(segment), separator, (segments, between) => {
        const path = treePath(segments.join(between), roots);
        if (path === undefined) return;
        expect(path).not.toMatch(/^\/|^$|\\/);
        expect(path.split('/')).not.toContain('..');
      }),
    );
  });

  it('a path is the same however it is written', () => {
    const segment = fc.constantFrom('a', 'b.js', '@scope', '.github', '_x', 'ä', '...', 'a b');
    const atRoot = { root: '/work-tree', base: '/work-tree' };
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
        const path = segments.join('/');
        for (const written of [path, `./${path}`, `/work-tree/${path}`, `x/../${path}`]) {
          expect(treePath(written, atRoot)).toBe(path);
        }
      }),
    );
  });
});
