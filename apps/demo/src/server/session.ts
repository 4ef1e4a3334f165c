// The one place that knows who is signed in.
import {
  issueSession,
  revokeSession,
  type SessionHolder,
  touchSession,
  verifySession,
} from '@pagespace/db';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { after } from 'next/server';
import { cache } from 'react';
import { currentRequest, keepRequest } from '../statements/requests.ts';
import { pagespace } from './databases.ts';
import { peerAddress } from './peer.ts';

export type SignedIn = SessionHolder;

const cookieName = 'demo_session';
const lifetimeSeconds = 14 * 86_400;
const renewAfterMs = 12 * 3_600_000;

/** The signed-in user, or undefined; one statement a request, however often it is asked. */
export const getSession = cache(async (): Promise<SignedIn | undefined> => {
  const token = (await cookies()).get(cookieName)?.value;
  const session = token ? await verifySession(pagespace(), { token }) : undefined;
  if (session) keepRequest(session.sessionId);
  return session;
});

/** The signed-in user; anyone else is sent to the sign-in page. */
export async function requireSession(): Promise<SignedIn> {
  const session = await getSession();
  if (!session) redirect('/sign-in');
  return session;
}

/**
 * The signed-in user; every page asks for it first. After the response, the use of the session is
 * noted.
 */
export const openPage = cache(async (): Promise<SignedIn> => {
  const session = await requireSession();
  const request = currentRequest();
  if (request) request.isPage = true;
  after(() => touchSession(pagespace(), { sessionId: session.sessionId }));
  return session;
});

/** Signs a person in: a session that did not exist before, and the end of the one that this browser had. */
export async function startSession(userId: string): Promise<void> {
  const before = await getSession();
  if (before) await endSession(before, 'signed in again');
  await issue(userId);
}

/** Gives a session of twelve hours or more a new token; the old one ends. */
export async function renewSession(session: SignedIn): Promise<void> {
  if (Date.now() - session.issuedAt.getTime() < renewAfterMs) return;
  await issue(session.userId);
  await endSession(session, 'renewed');
}

/** Signs this browser out. */
export async function signOutHere(session: SignedIn): Promise<void> {
  await endSession(session, 'signed out');
  (await cookies()).delete(cookieName);
}

/** Where a request comes from, as the list of sessions shows it. */
async function caller(): Promise<{ userAgent: string | null; ipAddress: string | null }> {
  const userAgent = (await headers()).get('user-agent')?.slice(0, 255) ?? null;
  return { userAgent, ipAddress: await peerAddress() };
}

async function issue(userId: string): Promise<void> {
  const from = await caller();
  const { token, expiresAt } = await issueSession(pagespace(), {
    userId,
    lifetimeSeconds,
    ...from,
  });
  const isHttps = (await headers()).get('x-forwarded-proto') === 'https';
  (await cookies()).set(cookieName, token, {
    httpOnly: true,
    sameSite: 'lax',
    secure: isHttps,
    path: '/',
    expires: expiresAt,
  });
}

const endSession = ({ userId, sessionId }: SignedIn, reason: string) =>
  revokeSession(pagespace(), { userId, sessionId, reason });
