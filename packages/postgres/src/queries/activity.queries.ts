import { keyset, parseLimit } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
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
  const rows = await db.execute<{
    entity: string;
    connectorConfigId: string;
    id: string;
    occurredAt: string;
    title: string | null;
    url: string | null;
    cursorKey: string;
  }>(recentActivity(params.userId, params.cursor, limit + 1));
  const { items, nextCursor } = feedOrder.page([...rows], limit);
  return {
    items: items.map((item) => ({ ...item, occurredAt: new Date(item.occurredAt) })),
    nextCursor,
  };
}

/** The feed's statement, for the query above and for the test of its plan. */
export function recentActivity(
  userId: string,
  cursor: string | null | undefined,
  limit: number,
): SQL {
  const branches = activitySources.map((source) => newestOf(source, cursor, limit));
  return sql`with connection as materialized (
  select ${connectorConfigs.id} from ${connectorConfigs} where ${connectorConfigs.userId} = ${userId}
), feed as (
  ${sql.join(branches, sql`\n  union all\n  `)}
)
select entity, connector_config_id as "connectorConfigId", id, occurred_at as "occurredAt",
  title, url, ${feedOrder.select.cursorKey.sql} as "cursorKey" from feed
order by ${sql.join(feedOrder.orderBy, sql`, `)} limit ${limit}`;
}

function newestOf(
  { entity, table, key, at, title, url }: ActivitySource,
  cursor: string | null | undefined,
  limit: number,
): SQL {
  const name = sql.raw(`'${entity}'::text`);
  const order = newestFirst(sql`${at}`, sql`${key}`, name, sql`${table.connectorConfigId}`);
  // Without a cursor nothing else keeps a row that never happened out of the first page.
  const beyond = order.after(cursor) ?? sql`${at} is not null`;
  return sql`select page.* from connection cross join lateral (
    select ${name} as entity, ${table.connectorConfigId} as connector_config_id, ${key} as id,
      ${at} as occurred_at, left(${title}, 280) as title, ${url ?? sql`null::varchar`} as url
    from ${table} where ${table.connectorConfigId} = connection.id and ${beyond}
    order by ${at} desc, ${key} desc limit ${limit}
  ) page`;
}
