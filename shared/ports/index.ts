export type * from './connections.ts';
export type * from './engine.ts';
export type * from './integration.ts';
export type * from './manifest.ts';
export type * from './mapping.ts';
export type * from './runtime.ts';
export type * from './store.ts';
export type * from './telemetry.ts';
