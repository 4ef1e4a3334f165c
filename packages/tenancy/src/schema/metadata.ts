import { z } from 'zod';

/** A caller's data on a row: any JSON object. */
export const metadataSchema = z.record(z.string(), z.json());
export type Metadata = z.output<typeof metadataSchema>;
