export * from './documented.ts';
export * from './rules.ts';
export * from './stamped.ts';
