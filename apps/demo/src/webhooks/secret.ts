import { randomBytes } from 'node:crypto';
import { processWide } from '@/server/process-wide.ts';

const made = processWide('reference-demo-webhook-secret', () => ({
  secret: `whsec_${randomBytes(32).toString('base64')}`,
}));

/** Sender and receiver are one process here. Two that are not keep a secret for each pair, sealed. */
export const webhookSecret = (): string => made.secret;
