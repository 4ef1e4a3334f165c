import { countRequest } from '@reference/kit/rate-limit';
import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listMcpTokens } from './mcp-tokens.ts';
import { rotateRefreshToken } from './refresh-tokens.ts';
import { listSessions, verifySession } from './sessions.ts';
import { getUserByEmail } from './users.ts';
import { consumeVerificationToken } from './verification-tokens.ts';

export const authPlans: readonly HotQuery[] = [
  {
    name: 'countRequest',
    run: (db) => countRequest(db, { key: 'nobody', most: 5, windowSeconds: 900 }),
    // It sorts at most 16 shares, at random.
    forbidden: ['Seq Scan'],
    statements: 1,
  },
  {
    name: 'verifySession',
    run: (db) => verifySession(db, { token: 'ses_unknown' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'rotateRefreshToken',
    run: (db) => rotateRefreshToken(db, { token: 'ref_unknown' }),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'consumeVerificationToken',
    run: (db) => consumeVerificationToken(db, { token: 'ver_unknown', type: 'EMAIL' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getUserByEmail',
    run: (db, { email }) => getUserByEmail(db, { email }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listSessions',
    run: (db, { userId }) => listSessions(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listMcpTokens',
    run: (db, { userId }) => listMcpTokens(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
