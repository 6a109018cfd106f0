export * from './clock.ts';
export * from './connections.ts';
export * from './queue.ts';
export * from './queues.ts';
export * from './random.ts';
export * from './recorders.ts';
export { memoryRecords } from './records.ts';
export * from './sealer.ts';
export * from './store.ts';
