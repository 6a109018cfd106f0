export * from './ids.ts';
export * from './record.ts';
