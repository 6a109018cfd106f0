export * from './documented.ts';
export * from './neighbours.ts';
export * from './next.ts';
export * from './policies.ts';
export * from './rules.ts';
export * from './stamped.ts';
export * from './suggest.ts';
export * from './validate.ts';
