export * from './monitoring/append.ts';
export * from './monitoring/read.ts';
export * from './monitoring/retention.ts';
