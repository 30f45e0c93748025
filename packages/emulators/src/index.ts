export * from './aws/index.ts';
export * from './github/index.ts';
