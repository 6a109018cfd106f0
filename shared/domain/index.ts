export * from './content-types.ts';
export * from './file-rules.ts';
export * from './identity.ts';
export * from './ids.ts';
export * from './record.ts';
