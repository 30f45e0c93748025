export { runDemo } from './demo/demo.ts';
export type { DemoOptions } from './demo/demo.ts';
export { startWorld } from './demo/world.ts';
export type { EnvironmentName, World, WorldHost } from './demo/world.ts';
