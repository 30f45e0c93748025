export { fakeClock, someMoment } from './fake-clock.ts';
export type { FakeClock } from './fake-clock.ts';
export { fakeContext } from './fake-context.ts';
export type { FakeContext, FakeContextOptions } from './fake-context.ts';
