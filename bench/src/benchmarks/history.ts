import { chatMessages, listChatMessages, pages } from '@pagespace/db';
import { and, desc, eq, sql } from 'drizzle-orm';
import { sql as kyselySql } from 'kysely';
import { type Benchmark, hotTargets, rowsOf } from '../benchmark.ts';
import type { Clients } from '../clients.ts';
import { type Filled, rowsBy } from '../prepared-drizzle.ts';
import { compiledOnce } from '../prepared-kysely.ts';
import { prismaContestant } from '../prisma/client.ts';
import { historyInPrisma } from '../prisma/queries.ts';
import { chats } from '../samples.ts';
import { mayViewInDrizzle, mayViewInKysely } from './access-conditions.ts';
import { messageDetail, messageNames } from './columns.ts';

type Params = Awaited<ReturnType<typeof chats>>[number];
const limit = 50;

export const history: Benchmark<Params> = {
  name: 'history',
  title: 'History page',
  about: 'The latest 50 messages of a chat, with a cursor.',
  throughput: true,
  targets: hotTargets(),
  samples: chats,
  comparable: rowsOf,
  contestants: ({ db, raw, drizzle, drizzleNext, kysely, preparingKysely, prisma }) => [
    {
      name: 'raw postgres.js',
      run: ({ userId, pageId }) => raw`
        select chat_messages."id", chat_messages."pageId", chat_messages."userId", chat_messages."role",
          chat_messages."content", chat_messages."toolCalls", chat_messages."toolResults",
          chat_messages."isActive", chat_messages."editedAt", chat_messages."agentRole",
          chat_messages."messageType", chat_messages."createdAt", chat_messages."updatedAt",
          jsonb_build_array(chat_messages."createdAt"::text, chat_messages.id)::text as "cursorKey"
        from chat_messages join pages on pages.id = chat_messages."pageId"
        where chat_messages."pageId" = ${pageId} and chat_messages."isActive"
          and ((exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
          or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and (m.role = 'ADMIN'
            or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
              and not pages."isTrashed" and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))))
          or (not pages."isTrashed"
            and exists (select 1 from page_permissions g where g."pageId" = pages.id and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
            and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))
        order by chat_messages."createdAt" desc, chat_messages.id desc limit ${limit + 1}`,
    },
    {
      name: 'this project',
      run: ({ userId, pageId }) => listChatMessages(db, { userId, pageId, limit }),
    },
    { name: 'plain Drizzle', run: (params) => inDrizzle(drizzle, params) },
    {
      name: 'Drizzle, prepared',
      run: rowsBy(inDrizzle(drizzle, placeholders).prepare('history')),
    },
    { name: 'Drizzle 1.0, prepared', run: rowsBy(drizzleNext.history, { limit: limit + 1 }) },
    { name: 'Kysely', run: (params) => inKysely(kysely, params).execute() },
    {
      name: 'Kysely, prepared',
      run: compiledOnce(preparingKysely, ['userId', 'pageId'], (params) =>
        inKysely(preparingKysely, params),
      ),
    },
    ...prismaContestant(prisma, (client, params: Params) =>
      historyInPrisma(client, params, limit + 1),
    ),
  ],
};

const placeholders = { userId: sql.placeholder('userId'), pageId: sql.placeholder('pageId') };

const inDrizzle = (drizzle: Clients['drizzle'], { userId, pageId }: Filled<keyof Params>) =>
  drizzle
    .select({
      ...messageDetail,
      cursorKey: sql<string>`jsonb_build_array(${chatMessages.createdAt}::text, ${chatMessages.id})::text`,
    })
    .from(chatMessages)
    .innerJoin(pages, eq(pages.id, chatMessages.pageId))
    .where(
      and(eq(chatMessages.pageId, pageId), sql`${chatMessages.isActive}`, mayViewInDrizzle(userId)),
    )
    .orderBy(desc(chatMessages.createdAt), desc(chatMessages.id))
    .limit(limit + 1);

const inKysely = (kysely: Clients['kysely'], { userId, pageId }: Params) =>
  kysely
    .selectFrom('chat_messages')
    .innerJoin('pages', 'pages.id', 'chat_messages.pageId')
    .select(messageNames.map((name) => `chat_messages.${name}` as const))
    .select(
      kyselySql<string>`jsonb_build_array(chat_messages."createdAt"::text, chat_messages.id)::text`.as(
        'cursorKey',
      ),
    )
    .where('chat_messages.pageId', '=', pageId)
    .where(kyselySql<boolean>`chat_messages."isActive"`)
    .where(mayViewInKysely(userId))
    .orderBy('chat_messages.createdAt', 'desc')
    .orderBy('chat_messages.id', 'desc')
    .limit(limit + 1);
