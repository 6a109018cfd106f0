export * from './function.ts';
export * from './job.ts';
export * from './jobs.ts';
export * from './resending.ts';
