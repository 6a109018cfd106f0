export * from './correlation.ts';
export { PARKED_BY } from './names.ts';
