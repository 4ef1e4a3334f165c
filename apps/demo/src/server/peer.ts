import { headers } from 'next/headers';

/**
 * The address that a request's connection comes from. The server's own process writes it over
 * whatever a client sent (start/peer-address.mjs), under a name that no client knows.
 *
 * @returns null where nothing wrote it, in `next dev`
 */
export async function peerAddress(): Promise<string | null> {
  const name = process.env.DEMO_PEER_HEADER;
  return name ? (await headers()).get(name) : null;
}
