// How many sign-ins may be tried. Counted in the database, so that a restart forgets nothing and
// several servers count together. Nothing that a client writes freely is part of a key.
import { countRequest, forgetRequests } from '@reference/kit/rate-limit';
import { cookies } from 'next/headers';
import { keyring, pagespace } from '@/server/databases.ts';
import { peerAddress } from '@/server/peer.ts';

const windowSeconds = 15 * 60;
const perAddress = { most: 5, windowSeconds };
const perPlace = { most: 50, windowSeconds };
const cookieName = 'demo_browser';
const place = { table: 'browsers', column: 'email', rowId: 'cookie' } as const;

/** The outcome of asking for an attempt. */
export interface SignInAttempt {
  /** Seconds to wait before anything is tried; 0 to go on. */
  readonly secondsToWait: number;
  /** The answer to a wrong password when the network address has tried too many accounts. */
  readonly secondsForPlace: number;
  succeeded(): Promise<void>;
}

/**
 * Counts an attempt. At one e-mail address there are five in a quarter of an hour, by everyone
 * together; a browser that has signed in there before counts by itself, so that nobody shuts its
 * owner out. From one place there are fifty wrong ones at any addresses; a right password passes.
 */
export async function countSignIn(email: string): Promise<SignInAttempt> {
  const address = email.toLowerCase();
  const browser = await knownBrowser(address);
  const keyOfAddress = browser ? `sign-in browser ${browser}` : `sign-in address ${address}`;
  const keyOfPlace = `sign-in place ${(await peerAddress()) ?? 'unknown'}`;
  const [byAddress, byPlace] = await Promise.all([
    countRequest(pagespace(), { key: keyOfAddress, ...perAddress }),
    countRequest(pagespace(), { key: keyOfPlace, ...perPlace }),
  ]);
  return {
    secondsToWait: byAddress.isAllowed ? 0 : byAddress.secondsLeft,
    secondsForPlace: byPlace.isAllowed ? 0 : byPlace.secondsLeft,
    async succeeded() {
      await forgetRequests(pagespace(), { key: keyOfAddress, windowSeconds });
      await rememberBrowser(address);
    },
  };
}

/** The cookie, if this server sealed it for that address: a made-up one opens no limit. */
async function knownBrowser(address: string): Promise<string | undefined> {
  const sealed = (await cookies()).get(cookieName)?.value;
  if (!sealed) return undefined;
  const opened = await keyring()
    .open(sealed, place)
    .catch(() => undefined);
  return opened === address ? sealed : undefined;
}

async function rememberBrowser(address: string): Promise<void> {
  (await cookies()).set(cookieName, await keyring().seal(address, place), {
    httpOnly: true,
    sameSite: 'lax',
    path: '/sign-in',
    maxAge: 365 * 86_400,
  });
}

/** @param seconds more than 0 */
export function tooMany(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return `Too many attempts. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.`;
}
