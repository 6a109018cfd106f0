export * from './gateway.ts';
export * from './json.ts';
export * from './receive.ts';
export * from './receive-event.ts';
export * from './respond.ts';
export * from './signatures.ts';
