export { type ProjectConfig, readConfig } from './generate/schema.ts';
