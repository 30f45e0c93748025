export { runDemo } from './demo/demo.ts';
export type { DemoOptions } from './demo/demo.ts';
export { runScenario } from './demo/play.ts';
export { scenarios } from './demo/scenarios.ts';
export type { Scenario } from './demo/scenarios.ts';
export { startWorld } from './demo/world.ts';
export type { EnvironmentName, World, WorldHost } from './demo/world.ts';
