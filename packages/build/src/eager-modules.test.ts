import { expect, it } from '@jest/globals';
import { withEagerModules } from './eager-modules.ts';

it('wraps the modules of a bundle and of a chunk, and nothing else', async () => {
  expect(await withEagerModules('var e={7:(e,t)=>{t(9)},9:function(e){}},n=e[7];n({});')).toBe(
    'var e={7:((e,t)=>{t(9)}),9:(function(e){})},n=e[7];n({});',
  );
  expect(await withEagerModules('export const id=5;export const modules={12:e=>{e()}};')).toBe(
    'export const id=5;export const modules={12:(e=>{e()})};',
  );
  const other = 'const e={a:()=>1},t={1:2};export{e,t};';
  expect(await withEagerModules(other)).toBe(other);
});
