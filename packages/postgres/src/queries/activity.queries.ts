import { keyset, type Placeholders, parseLimit, prepared } from '@reference/kit';
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { connectorConfigs } from '../schemas/index.ts';
import { type ActivitySource, activitySources } from './activity-sources.ts';
import type { PostgresDatabase } from './database.ts';
import type { Page, PageParams } from './page.ts';

/** Something that happened in one of a person's services. */
export interface Activity {
  /** What it is, such as `slack.message`. */
  readonly entity: string;
  readonly connectorConfigId: string;
  readonly id: string;
  readonly occurredAt: Date;
  /** The first 280 characters of what a person recognises it by. */
  readonly title: string | null;
  readonly url: string | null;
}

/** The same order over any rows that have these four: a cursor of one continues another. */
const newestFirst = (at: SQL, id: SQL, entity: SQL, connection: SQL) =>
  keyset([
    { expression: at, type: 'timestamptz', nullable: false, direction: 'desc' },
    { expression: id, type: 'text', nullable: false, direction: 'desc' },
    { expression: entity, type: 'text', nullable: false, direction: 'desc' },
    { expression: connection, type: 'text', nullable: false, direction: 'desc' },
  ]);

const feedOrder = newestFirst(sql`occurred_at`, sql`id`, sql`entity`, sql`connector_config_id`);

/** The row that a page comes after. */
type Start = Readonly<Record<'at' | 'id' | 'entity' | 'connection', string | Placeholder>>;
type ActivityRow = Omit<Activity, 'occurredAt'> & {
  readonly occurredAt: string;
  readonly cursorKey: string;
};

const firstPage = prepared(
  (db: PostgresDatabase, p: Placeholders<{ userId: string; limit: number }>) =>
    db.execute<ActivityRow>(recentActivity(p)),
);
const pageAfter = prepared(
  (
    db: PostgresDatabase,
    p: Placeholders<{ userId: string; limit: number } & Record<keyof Start, string>>,
  ) => db.execute<ActivityRow>(recentActivity(p, p)),
);

/**
 * What happened lately in all of a person's services, newest first: one statement.
 * Each table gives its own page for each connection, by index, from the cursor on; the newest of
 * those are the feed's page. The first page costs what the thousandth does.
 *
 * @throws InvalidInputError when the cursor is damaged or the limit out of range
 */
export async function getRecentActivity(
  db: PostgresDatabase,
  params: PageParams & { readonly userId: string },
): Promise<Page<Activity>> {
  const limit = parseLimit(params.limit);
  const asked = { userId: params.userId, limit: limit + 1 };
  const rows = params.cursor
    ? await pageAfter(db, { ...asked, ...startOf(params.cursor) })
    : await firstPage(db, asked);
  const { items, nextCursor } = feedOrder.page([...rows], limit);
  return {
    items: items.map((item) => ({ ...item, occurredAt: new Date(item.occurredAt) })),
    nextCursor,
  };
}

/** The row that a cursor names. */
export function startOf(cursor: string): Record<keyof Start, string> {
  const [at = '', id = '', entity = '', connection = ''] = feedOrder
    .keysOf(cursor)
    .map((key) => key ?? '');
  return { at, id, entity, connection };
}

/**
 * The feed's statement, for the query above and for the test of its plan. Cursors are made for the page
 * alone: before its limit they would be made for every table's page.
 * @param start the row that the page comes after; its values, or placeholders for them
 */
export function recentActivity(
  { userId, limit }: Readonly<Record<'userId' | 'limit', unknown>>,
  start?: Start,
): SQL {
  const branches = activitySources.map((source) => newestOf(source, limit, start));
  return sql`with connection as materialized (
  select ${connectorConfigs.id} from ${connectorConfigs} where ${connectorConfigs.userId} = ${userId}
), feed as (
  ${sql.join(branches, sql`\n  union all\n  `)}
), page as (
  select * from feed order by ${sql.join(feedOrder.orderBy, sql`, `)} limit ${limit}
)
select entity, connector_config_id as "connectorConfigId", id, occurred_at as "occurredAt",
  title, url, ${feedOrder.select.cursorKey.sql} as "cursorKey" from page
order by ${sql.join(feedOrder.orderBy, sql`, `)}`;
}

function newestOf(
  { entity, table, key, at, title, url }: ActivitySource,
  limit: unknown,
  start: Start | undefined,
): SQL {
  const name = sql.raw(`'${entity}'::text`);
  const order = newestFirst(sql`${at}`, sql`${key}`, name, sql`${table.connectorConfigId}`);
  // Without a cursor nothing else keeps a row that never happened out of the first page.
  const beyond = start
    ? order.seekFrom([start.at, start.id, start.entity, start.connection], false).where
    : sql`${at} is not null`;
  return sql`select page.* from connection cross join lateral (
    select ${name} as entity, ${table.connectorConfigId} as connector_config_id, ${key} as id,
      ${at} as occurred_at, left(${title}, 280) as title, ${url ?? sql`null::varchar`} as url
    from ${table} where ${table.connectorConfigId} = connection.id and ${beyond}
    order by ${at} desc, ${key} desc limit ${limit}
  ) page`;
}
