export * from './correlation.ts';
