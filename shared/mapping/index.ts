export * from './documented.ts';
export * from './rules.ts';
