import {
  ForbiddenError,
  hashToken,
  issueToken,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  insertMcpTokenSchema,
  type McpScope,
  type McpToken,
  mcpTokens,
  users,
} from '../../schema/auth.ts';
import { onlyRow } from '../rows.ts';
import { endOfLife, type Issued, noSuchUser, presentVersion } from './issued.ts';

const issueMcpTokenSchema = insertMcpTokenSchema.pick({ userId: true, name: true, scopes: true });

/**
 * Issues a token with which a program acts for a user.
 *
 * @param params.lifetimeSeconds without it the token holds until it is revoked
 * @throws InvalidInputError for an unknown scope, or none
 * @throws NotFoundError when there is no such user
 */
export async function issueMcpToken(
  db: Db,
  params: z.input<typeof issueMcpTokenSchema> & { lifetimeSeconds?: number },
): Promise<Omit<Issued, 'expiresAt'> & { expiresAt: Date | null }> {
  const { lifetimeSeconds, ...input } = params;
  const fields = parseInput(issueMcpTokenSchema, input);
  const { token, ...stored } = issueToken('mcp');
  const rows = await mapConstraints(
    db
      .insert(mcpTokens)
      .values({
        ...fields,
        ...stored,
        tokenVersion: presentVersion(fields.userId),
        expiresAt: lifetimeSeconds === undefined ? null : endOfLife(lifetimeSeconds),
      })
      .returning({ id: mcpTokens.id, expiresAt: mcpTokens.expiresAt }),
    { mcp_tokens_userId_fkey: noSuchUser },
  );
  return { ...onlyRow(rows), token };
}

/** The user for whom a program acts, and its rights. */
export interface McpTokenHolder {
  readonly mcpTokenId: string;
  readonly userId: string;
  readonly scopes: readonly McpScope[];
}

/**
 * Finds the user for whom a program acts, and records the use.
 *
 * @param params.scope the scope that the program's request needs
 * @returns undefined for an unknown, expired or revoked token, and for one that a raised
 *   tokenVersion has voided
 * @throws ForbiddenError when the token is valid but lacks the scope
 */
export async function verifyMcpToken(
  db: Db,
  params: { token: string; scope: McpScope },
): Promise<McpTokenHolder | undefined> {
  const [holder] = await db
    .update(mcpTokens)
    .set({ lastUsedAt: sql`now()` })
    .from(users)
    .where(
      and(
        eq(mcpTokens.tokenHash, hashToken(params.token)),
        eq(users.id, mcpTokens.userId),
        eq(users.tokenVersion, mcpTokens.tokenVersion),
        isNull(mcpTokens.revokedAt),
        or(isNull(mcpTokens.expiresAt), gt(mcpTokens.expiresAt, sql`now()`)),
      ),
    )
    .returning({ mcpTokenId: mcpTokens.id, userId: mcpTokens.userId, scopes: mcpTokens.scopes });
  if (holder && !holder.scopes.includes(params.scope)) {
    throw new ForbiddenError(
      `This token may not do ${params.scope}. Issue one with that scope, or use another.`,
    );
  }
  return holder;
}

const summary = {
  id: mcpTokens.id,
  tokenPrefix: mcpTokens.tokenPrefix,
  name: mcpTokens.name,
  scopes: mcpTokens.scopes,
  lastUsedAt: mcpTokens.lastUsedAt,
  expiresAt: mcpTokens.expiresAt,
  revokedAt: mcpTokens.revokedAt,
  createdAt: mcpTokens.createdAt,
};
/** An MCP token as its owner sees it listed: neither the token nor its hash. */
export type McpTokenSummary = Pick<McpToken, keyof typeof summary>;

const latestFirst = keyset([
  { column: mcpTokens.createdAt, direction: 'desc' },
  { column: mcpTokens.id, direction: 'desc' },
]);

/** Lists a user's MCP tokens, latest first, also those that were revoked. */
export async function listMcpTokens(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<McpTokenSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(mcpTokens)
      .where(and(eq(mcpTokens.userId, params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Revokes a token. Doing it again changes nothing.
 *
 * @throws NotFoundError when this user has no such token
 */
export async function revokeMcpToken(
  db: Db,
  params: { userId: string; mcpTokenId: string },
): Promise<void> {
  const revoked = await db
    .update(mcpTokens)
    .set({ revokedAt: sql`coalesce(${mcpTokens.revokedAt}, now())` })
    .where(and(eq(mcpTokens.id, params.mcpTokenId), eq(mcpTokens.userId, params.userId)))
    .returning({ id: mcpTokens.id });
  if (revoked.length === 0) {
    throw new NotFoundError('This user has no such MCP token. List the tokens and choose one.');
  }
}
