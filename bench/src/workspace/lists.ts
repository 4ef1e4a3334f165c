import { isDeepStrictEqual } from 'node:util';
import {
  countUnreadInChannels,
  countUnreadNotifications,
  createDb,
  type Db,
  listConversations,
  searchPages,
} from '@pagespace/db';
import postgres from 'postgres';
import { type Figures, measure } from '../measure.ts';
import type { Contestant } from '../turns.ts';
import { people, searcherId, searchWords } from './seed.ts';

export interface ListFigures {
  readonly title: string;
  readonly figures: ReadonlyMap<string, Figures>;
}

interface Comparison<P> {
  readonly title: string;
  readonly samples: readonly P[];
  /** Each gives rows that can be compared as they are. */
  readonly contestants: readonly Contestant<P>[];
}

/** The lists of the workspace, each against the same SQL in raw postgres.js. */
export async function measureLists(url: string, rounds: number): Promise<ListFigures[]> {
  const ours = createDb({ url });
  const raw = postgres(url, { onnotice: () => {} });
  const rawReplanned = postgres(url, { prepare: false, onnotice: () => {} });
  const run = async <P>({ title, samples, contestants }: Comparison<P>): Promise<ListFigures> => {
    for (const sample of samples.slice(0, 10)) await requireEqual(title, contestants, sample);
    const effort = { rounds, calls: 60, turns: 0 };
    return { title, figures: await measure(contestants, samples, effort) };
  };
  try {
    const figures = [
      await run(unreadCounts(ours.db, raw)),
      await run(conversationList(ours.db, raw)),
    ];
    for (const search of searches) figures.push(await run(searchOf(ours.db, rawReplanned, search)));
    figures.push(await run(unreadNotifications(ours.db, raw)));
    return figures;
  } finally {
    await Promise.all([ours.close(), raw.end(), rawReplanned.end()]);
  }
}

/** A fast wrong answer must not win. */
async function requireEqual<P>(
  title: string,
  contestants: readonly Contestant<P>[],
  sample: P,
): Promise<void> {
  const answers = await Promise.all(contestants.map(({ run }) => run(sample)));
  const [expected, ...others] = answers.map((answer) => JSON.parse(JSON.stringify(answer)));
  if (others.every((answer) => isDeepStrictEqual(answer, expected))) return;
  throw new Error(`${title}: the contestants disagree on ${JSON.stringify(sample)}.`);
}

function unreadCounts(db: Db, raw: postgres.Sql): Comparison<string> {
  const recent = (userId: string, pageId: string) => raw<{ unread: number }[]>`
    select count(*)::int as unread from (
      select 1 from channel_messages m where m."pageId" = ${pageId} and m."isActive" and m."userId" <> ${userId}
        and m."createdAt" > coalesce((select s."lastReadAt" from channel_read_status s where s."userId" = ${userId} and s."pageId" = ${pageId}), '-infinity')
      limit 100) recent`;
  return {
    title: 'Unread counts of 200 channels',
    samples: Array.from({ length: 20 }, (_, n) => `user${n + 1}`),
    contestants: [
      {
        name: 'raw postgres.js',
        run: (userId) => raw`
          select p.id as "pageId", u.unread from pages p
          left join channel_read_status s on s."userId" = ${userId} and s."pageId" = p.id
          cross join lateral (select count(*)::int as unread from (
            select 1 from channel_messages m where m."pageId" = p.id and m."isActive" and m."userId" <> ${userId}
              and m."createdAt" > coalesce(s."lastReadAt", '-infinity') limit 100) recent) u
          where p.type = 'CHANNEL' and not p."isTrashed"
            and (p."driveId" = any(array(select id from drives where "ownerId" = ${userId}
                union all select "driveId" from drive_members where "userId" = ${userId} and role = 'ADMIN'))
              or (p.id = any(array(select "pageId" from page_permissions where "userId" = ${userId} and "canView" and ("expiresAt" is null or "expiresAt" > now())))
                and exists (select 1 from drives d where d.id = p."driveId" and not d."isTrashed")))
          order by p.id limit 1000`,
      },
      { name: 'this project', run: (userId) => countUnreadInChannels(db, { userId }) },
      {
        name: 'a statement for each channel',
        run: async (userId) => {
          const visible = await raw<{ pageId: string }[]>`
            select p.id as "pageId" from pages p where p.type = 'CHANNEL' and not p."isTrashed"
              and (p."driveId" = any(array(select id from drives where "ownerId" = ${userId}))
                or p.id = any(array(select "pageId" from page_permissions where "userId" = ${userId} and "canView")))
            order by p.id limit 1000`;
          const counts = [];
          for (const { pageId } of visible) {
            const [row] = await recent(userId, pageId);
            counts.push({ pageId, unread: row?.unread ?? 0 });
          }
          return counts;
        },
      },
    ],
  };
}

function conversationList(db: Db, raw: postgres.Sql): Comparison<string> {
  const limit = 20;
  const shown = ({ id, lastMessage }: { id: string; lastMessage: unknown }) => ({
    id,
    lastMessage,
  });
  return {
    title: `${limit} conversations with their last message`,
    samples: Array.from({ length: 200 }, (_, n) => `user${((n * 37) % people) + 1}`),
    contestants: [
      {
        name: 'raw postgres.js',
        run: async (userId) => {
          const rows = await raw<{ id: string; lastMessage: unknown }[]>`
          select c.id, c."userId", c.title, c.type, c."pageId", c."driveId", c."lastMessageAt", c."createdAt", c."updatedAt",
            json_build_object('role', m.role, 'content', left(m.content, 200)) as "lastMessage"
          from conversations c
          left join lateral (
            select role, content from messages where "conversationId" = c.id and "isActive"
            order by "createdAt" desc, id desc limit 1) m on true
          where c."userId" = ${userId} and c."isActive" and (c.type = 'GLOBAL'
            or exists (select 1 from pages p where p.id = c."pageId" and (
              exists (select 1 from drives d where d.id = p."driveId" and d."ownerId" = ${userId})
              or exists (select 1 from drive_members a where a."driveId" = p."driveId" and a."userId" = ${userId} and a.role = 'ADMIN')
              or (not p."isTrashed"
                and exists (select 1 from page_permissions g where g."pageId" = p.id and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
                and exists (select 1 from drives d where d.id = p."driveId" and not d."isTrashed"))))
            or exists (select 1 from drives d where d.id = c."driveId" and (d."ownerId" = ${userId}
              or exists (select 1 from drive_members a where a."driveId" = d.id and a."userId" = ${userId} and a.role = 'ADMIN')
              or (not d."isTrashed" and (
                exists (select 1 from drive_members a where a."driveId" = d.id and a."userId" = ${userId})
                or exists (select 1 from page_permissions g join pages p on p.id = g."pageId"
                  where g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()) and p."driveId" = d.id and not p."isTrashed"))))))
          order by coalesce(c."lastMessageAt", c."createdAt") desc, c.id desc limit ${limit + 1}`;
          return rows.slice(0, limit).map(shown);
        },
      },
      {
        name: 'this project',
        run: async (userId) => (await listConversations(db, { userId, limit })).items.map(shown),
      },
      {
        name: 'a statement for each conversation',
        run: async (userId) => {
          const found = await raw<{ id: string }[]>`
            select id from conversations where "userId" = ${userId} and "isActive"
            order by coalesce("lastMessageAt", "createdAt") desc, id desc limit ${limit}`;
          const list = [];
          for (const { id } of found) {
            const [lastMessage] = await raw`
              select role, left(content, 200) as content from messages where "conversationId" = ${id} and "isActive"
              order by "createdAt" desc, id desc limit 1`;
            list.push({ id, lastMessage });
          }
          return list;
        },
      },
    ],
  };
}

const searches = [
  { words: searchWords[0], share: '10%' },
  { words: searchWords[1], share: '1%' },
  { words: searchWords[2], share: '0.01%' },
];

function searchOf(
  db: Db,
  raw: postgres.Sql,
  { words, share }: { words: string; share: string },
): Comparison<string> {
  const limit = 20;
  const userId = searcherId;
  const options =
    'StartSel=\u0002, StopSel=\u0003, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "';
  return {
    title: `Search among the 1% of pages that one may see, a word of ${share} of all pages`,
    samples: [words],
    contestants: [
      {
        name: 'raw postgres.js',
        run: async () => {
          const rows = await raw`
            with hits as (
              (select id, ts_rank_cd("searchVector", websearch_to_tsquery('english', ${words})) as rank from pages
              where "searchVector" @@ websearch_to_tsquery('english', ${words}) and not "isTrashed"
                and "driveId" = any(array(select id from drives where "ownerId" = ${userId}
                  union all select "driveId" from drive_members where "userId" = ${userId} and role = 'ADMIN'))
              order by rank desc, id desc limit ${limit + 1})
              union all
              (select id, ts_rank_cd("searchVector", websearch_to_tsquery('english', ${words})) as rank from pages
              where "searchVector" @@ websearch_to_tsquery('english', ${words}) and not "isTrashed"
                and "driveId" <> all(array(select id from drives where "ownerId" = ${userId}
                  union all select "driveId" from drive_members where "userId" = ${userId} and role = 'ADMIN'))
                and id in (select "pageId" from page_permissions where "userId" = ${userId} and "canView" and ("expiresAt" is null or "expiresAt" > now()))
                and exists (select 1 from drives d where d.id = "driveId" and not d."isTrashed")
              order by rank desc, id desc limit ${limit + 1}))
            select p.id, p.title, ts_headline('english', translate(left(p.content, 200000), ${'\u0002\u0003'}, ''),
              websearch_to_tsquery('english', ${words}), ${options}) as headline
            from hits h join pages p on p.id = h.id order by h.rank desc, p.id desc limit ${limit + 1}`;
          return rows.slice(0, limit).map(({ id, title }) => ({ id, title }));
        },
      },
      {
        name: 'this project',
        run: async () =>
          (await searchPages(db, { userId, words, limit })).items.map(({ id, title }) => ({
            id,
            title,
          })),
      },
    ],
  };
}

function unreadNotifications(db: Db, raw: postgres.Sql): Comparison<string> {
  return {
    title: 'Count of unread notifications',
    samples: Array.from({ length: 200 }, (_, n) => `user${((n * 53) % people) + 1}`),
    contestants: [
      {
        name: 'raw postgres.js',
        run: async (userId) => {
          const [row] = await raw<{ unread: number }[]>`
            select count(*)::int as unread from notifications where "userId" = ${userId} and not "isRead"`;
          return row?.unread;
        },
      },
      { name: 'this project', run: (userId) => countUnreadNotifications(db, { userId }) },
    ],
  };
}

/** The plan of the unread count, one node a line, to show that it reads the index alone. */
export async function unreadPlan(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  try {
    const rows = await sql<{ 'QUERY PLAN': string }[]>`
      explain (analyze, costs off, timing off, summary off)
      select count(*)::int from notifications where "userId" = 'user1' and not "isRead"`;
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await sql.end();
  }
}
