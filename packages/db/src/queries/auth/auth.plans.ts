import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { countAttempt } from './attempt-limits.ts';
import { listMcpTokens } from './mcp-tokens.ts';
import { rotateRefreshToken } from './refresh-tokens.ts';
import { listSessions, verifySession } from './sessions.ts';
import { getUserByEmail } from './users.ts';
import { consumeVerificationToken } from './verification-tokens.ts';

export const authPlans: readonly HotQuery[] = [
  {
    name: 'countAttempt',
    run: (db) => countAttempt(db, { key: 'nobody', most: 5, windowSeconds: 900 }),
    forbidden: scanOrSort,
  },
  {
    name: 'verifySession',
    run: (db) => verifySession(db, { token: 'ses_unknown' }),
    forbidden: scanOrSort,
  },
  {
    name: 'rotateRefreshToken',
    run: (db) => rotateRefreshToken(db, { token: 'ref_unknown' }),
    forbidden: scanOrSort,
  },
  {
    name: 'consumeVerificationToken',
    run: (db) => consumeVerificationToken(db, { token: 'ver_unknown', type: 'EMAIL' }),
    forbidden: scanOrSort,
  },
  {
    name: 'getUserByEmail',
    run: (db, { email }) => getUserByEmail(db, { email }),
    forbidden: scanOrSort,
  },
  {
    name: 'listSessions',
    run: (db, { userId }) => listSessions(db, { userId }),
    forbidden: scanOrSort,
  },
  {
    name: 'listMcpTokens',
    run: (db, { userId }) => listMcpTokens(db, { userId }),
    forbidden: scanOrSort,
  },
];
