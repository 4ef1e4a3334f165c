import { type SQL, sql } from 'drizzle-orm';
import type { EntityColumn, EntityColumns } from './entity-columns.ts';

const quote = ({ name }: EntityColumn) => `"${name}"`;

/**
 * Builds the upsert of rows that hold the same set of fields: one statement that returns
 * `{ inserted, updated }`.
 *
 * `incoming` unpacks the JSON. `changed` keeps new and different rows, so that an equal one is
 * neither written nor locked (`on conflict … where` alone would lock it, and log the lock). Rows
 * are sorted by key, so that two statements lock in one order and cannot deadlock. Each stored row
 * is *sought*: the first from its key to its key. With `=` the planner, which believes a new
 * connection to be empty, may take any index that starts with the connection, and then reads all of
 * its rows for each incoming one; only the primary key gives this order without sorting. The upper
 * bound stops the server at the end of the key.
 *
 * @param fields the set of fields, as `rowChecker` names it
 */
export function upsertStatement(entity: EntityColumns, fields: number) {
  const table = `"${entity.table}"`;
  const key = quote(entity.key);
  const present = entity.columns.filter(({ weight }) => Math.floor(fields / weight) % 2 === 1);
  const others = present.filter((column) => column !== entity.key).map(quote);
  const names = present.map(quote).join(', ');
  const decoded = present.map((column, i) => `${column.codec.decode(i)} as ${quote(column)}`);

  // A vendor delivers in any order, so a row older than the stored one changes nothing.
  const version = entity.version && present.includes(entity.version) ? quote(entity.version) : null;
  const notOlder = (row: string) =>
    version ? `coalesce(${row}.${version} >= t.${version}, true)` : 'true';
  const different =
    others.length > 0
      ? `((${others.map((name) => `t.${name}`)}) is distinct from (${others.map((name) => `i.${name}`)}) and ${notOlder('i')})`
      : 'false';
  const overwrite =
    others.length > 0
      ? `do update set ${others.map((name) => `${name} = excluded.${name}`)}, updated_at = now() where ${notOlder('excluded')}`
      : 'do nothing';

  const unpack = sql.raw('with incoming as materialized (\n  select ');
  const cells = sql.raw(`::text as connection, ${decoded} from jsonb_array_elements(`);
  const write = sql.raw(`::text::jsonb) as r(e)
), changed as (
  select i.* from incoming i left join lateral (
    select s.connector_config_id, ${present.map((column) => `s.${quote(column)}`)} from ${table} s
    where s.connector_config_id = i.connection and s.${key} >= i.${key} and s.${key} <= i.${key}
    order by s.${key} limit 1
  ) t on t.connector_config_id = i.connection and t.${key} = i.${key}
  where t.${key} is null or ${different}
), written as (
  insert into ${table} as t (connector_config_id, ${names})
  select connection, ${names} from changed order by ${key} collate "C"
  on conflict (connector_config_id, ${key}) ${overwrite}
  -- A row that an upsert inserted has no xmax; one that it updated carries its own row lock there.
  returning xmax = 0 as is_new
)
select count(*) filter (where is_new)::int as inserted,
  count(*) filter (where not is_new)::int as updated
from written`);
  return (json: string, connectorConfigId: string): SQL =>
    sql`${unpack}${connectorConfigId}${cells}${json}${write}`;
}
