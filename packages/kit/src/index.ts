export type { Database, Transaction } from './database.ts';
export { camelTimestamps, instant, snakeTimestamps } from './timestamps.ts';
