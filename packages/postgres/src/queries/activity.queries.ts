import { keyset, type Placeholders, parseLimit, prepared } from '@reference/kit';
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { connectorConfigs } from '../schemas/index.ts';
import { type ActivitySource, activitySources } from './activity-sources.ts';
import type { PostgresDatabase } from './database.ts';
import type { Page, PageParams } from './page.ts';

/** An event in one of a person's services. */
export interface Activity {
  /** The event's kind, such as `slack.message`. */
  readonly entity: string;
  readonly connectorConfigId: string;
  readonly id: string;
  readonly occurredAt: Date;
  /** The first 280 characters of its title or text. */
  readonly title: string | null;
  readonly url: string | null;
}

/** The same order over any rows with these four columns, so that they share their cursors. */
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
  /** In PostgreSQL's text form, to the microsecond. */
  readonly occurredAt: string;
};

/**
 * The most rows that each table gives; a page takes the next larger. It is text in the statement,
 * because with a bound limit PostgreSQL estimates a generic plan at a tenth of every table and so
 * plans each call, which took two fifths of its time. There are few sizes, because every connection
 * keeps a plan for each.
 */
const takes = [26, 51, 101, 201] as const;
export type Take = (typeof takes)[number];

const feeds = takes.map((take) => ({
  take,
  firstPage: prepared((db: PostgresDatabase, p: Placeholders<{ userId: string; limit: number }>) =>
    db.execute<ActivityRow>(recentActivity(take, p)),
  ),
  pageAfter: prepared(
    (
      db: PostgresDatabase,
      p: Placeholders<{ userId: string; limit: number } & Record<keyof Start, string>>,
    ) => db.execute<ActivityRow>(recentActivity(take, p, p)),
  ),
}));

/**
 * Lists the latest events from all of a person's services, newest first, in one statement. Each
 * table gives its own page for each connection, by index, from the cursor on; the newest of those
 * are the feed's page. The thousandth page costs as much as the first.
 *
 * @throws InvalidInputError when the cursor is damaged or the limit out of range
 */
export async function getRecentActivity(
  db: PostgresDatabase,
  params: PageParams & { readonly userId: string },
): Promise<Page<Activity>> {
  const limit = parseLimit(params.limit);
  const asked = { userId: params.userId, limit: limit + 1 };
  const feed = feeds.find(({ take }) => take > limit);
  if (!feed) throw new TypeError('unreachable: no page is that long');
  const rows = params.cursor
    ? await feed.pageAfter(db, { ...asked, ...startOf(params.cursor) })
    : await feed.firstPage(db, asked);
  const { items, nextCursor } = feedOrder.pageBy(
    rows,
    limit,
    { resumed: Boolean(params.cursor), reversed: false },
    ({ occurredAt, id, entity, connectorConfigId }) => [occurredAt, id, entity, connectorConfigId],
  );
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
 * The feed's statement, for the query above and its plan test.
 * @param take how many rows each table gives; at least the size of the page
 * @param start the row that the page comes after; its values, or placeholders for them
 */
export function recentActivity(
  take: Take,
  { userId, limit }: Readonly<Record<'userId' | 'limit', unknown>>,
  start?: Start,
): SQL {
  const branches = activitySources.map((source) => newestOf(source, take, start));
  return sql`with connection as materialized (
  select ${connectorConfigs.id} from ${connectorConfigs} where ${connectorConfigs.userId} = ${userId}
), feed as (
  ${sql.join(branches, sql`\n  union all\n  `)}
)
select entity, connector_config_id as "connectorConfigId", id, occurred_at as "occurredAt", title, url
from feed order by ${sql.join(feedOrder.orderBy, sql`, `)} limit ${limit}`;
}

function newestOf(
  { entity, table, key, at, title, url }: ActivitySource,
  take: Take,
  start: Start | undefined,
): SQL {
  const name = sql.raw(`'${entity}'::text`);
  const order = newestFirst(sql`${at}`, sql`${key}`, name, sql`${table.connectorConfigId}`);
  // Without a cursor nothing else keeps a row without a time out of the first page.
  const beyond = start
    ? order.seekFrom([start.at, start.id, start.entity, start.connection], false).where
    : sql`${at} is not null`;
  return sql`select page.* from connection cross join lateral (
    select ${name} as entity, ${table.connectorConfigId} as connector_config_id, ${key} as id,
      ${at} as occurred_at, left(${title}, 280) as title, ${url ?? sql`null::varchar`} as url
    from ${table} where ${table.connectorConfigId} = connection.id and ${beyond}
    order by ${at} desc, ${key} desc limit ${sql.raw(`${take}`)}
  ) page`;
}
