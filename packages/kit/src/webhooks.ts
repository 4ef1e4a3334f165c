import { createHmac, timingSafeEqual } from 'node:crypto';
import { ForbiddenError, InvalidInputError } from './errors.ts';

// As https://www.standardwebhooks.com describes, so that receivers can use its libraries.

/** A secret as both sides keep it: `whsec_` and 24 to 64 random bytes in base64. */
function keyOf(secret: string): Buffer {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (key.length < 24 || key.length > 64) {
    throw new InvalidInputError(
      'A webhook secret is "whsec_" and 24 to 64 bytes in base64: openssl rand -base64 32.',
    );
  }
  return key;
}

const signatureOf = (secret: string, id: string, seconds: number, body: string) =>
  createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest();

/**
 * Makes the headers that prove a body's sender and time.
 *
 * @param params.id the event's id: the same at every attempt, and without a full stop, which separates
 *   what is signed
 * @param params.secrets one, or the new and the old while a secret is changed: a receiver accepts any
 * @param params.at the moment of sending; default now
 * @throws InvalidInputError for a malformed secret, or an id with a full stop
 */
export function signWebhook(params: {
  readonly id: string;
  readonly body: string;
  readonly secrets: readonly string[];
  readonly at?: Date;
}): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const { id, body, secrets, at = new Date() } = params;
  if (id.includes('.')) throw new InvalidInputError('A webhook id must not hold a full stop.');
  const seconds = Math.floor(at.getTime() / 1000);
  const signatures = secrets.map(
    (secret) => `v1,${signatureOf(secret, id, seconds, body).toString('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}

/**
 * Verifies that the sender has the secret and signed the request just now. Within the window anyone
 * who saw the request can send it again, so apply it by its id (`applyOnce`).
 *
 * @param params.headers gives a header by its lower-case name, as `Headers` does
 * @param params.body the body's very text, before anything parses it
 * @param params.secrets those that are valid now
 * @param params.windowSeconds how old, or ahead, a signature may be; default 300
 * @returns the message's id
 * @throws ForbiddenError for a missing, wrong or old signature; it does not say which
 */
export function verifyWebhook(params: {
  readonly headers: { get(name: string): string | null };
  readonly body: string;
  readonly secrets: readonly string[];
  readonly windowSeconds?: number;
  readonly now?: Date;
}): { readonly id: string } {
  const { headers, body, secrets, windowSeconds = 300, now = new Date() } = params;
  const id = headers.get('webhook-id') ?? '';
  const stamp = headers.get('webhook-timestamp') ?? '';
  const seconds = /^\d{1,12}$/.test(stamp) ? Number(stamp) : Number.NaN;
  // Written so that NaN is refused.
  const isRecent = Math.abs(now.getTime() / 1000 - seconds) <= windowSeconds;
  const given = (headers.get('webhook-signature') ?? '').split(' ').slice(0, 10);
  const isSigned = secrets.some((secret) => {
    const expected = signatureOf(secret, id, seconds, body);
    return given.some((one) => {
      const signature = Buffer.from(one.startsWith('v1,') ? one.slice(3) : '', 'base64');
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    });
  });
  // A full stop in the id would let a signed body's beginning pass for the time.
  if (!isSigned || !isRecent || id === '' || id.includes('.')) {
    throw new ForbiddenError('The webhook is not signed with a valid secret, or is too old.');
  }
  return { id };
}
