import { z } from 'zod';

/** What a caller attaches to a row: any JSON object. */
export const metadataSchema = z.record(z.string(), z.json());
export type Metadata = z.output<typeof metadataSchema>;
