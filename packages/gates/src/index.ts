export type { GatesPolicy } from './policy.ts';
