import { isDeepStrictEqual } from 'node:util';
import { createPostgresClient, getRecentActivity } from '@ait/postgres';
import postgres from 'postgres';
import { type Figures, measure, type Spread } from '../measure.ts';
import { type FeedTable, feedTables } from './feed-tables.ts';

const pageSize = 50;
const deepPage = 1_000;
const userId = 'feed';

interface Key {
  readonly at: string;
  readonly id: string;
  readonly entity: string;
  readonly connection: string;
}

interface Sample {
  readonly cursor: string | null;
  readonly key: Key | undefined;
}

export interface FeedFigures {
  readonly title: string;
  readonly figures: ReadonlyMap<string, Figures>;
}

export interface Feed {
  /** The first page and one far from it, each against SQL by hand. */
  readonly pages: readonly FeedFigures[];
  /** This project's far page to its first. */
  readonly depth: Spread;
}

/** A connection for each vendor, and `rows` rows in each table, a minute apart. */
export async function seedFeed(
  raw: postgres.Sql,
  rows: number,
  say: (progress: string) => void,
): Promise<void> {
  const vendors = new Set(feedTables.map(({ entity }) => vendorOf(entity)));
  for (const vendor of vendors) {
    await raw`insert into providers (id, slug, name, auth_type) values (${vendor}, ${vendor}, ${vendor}, 'oauth2')
      on conflict do nothing`;
    await raw`insert into connector_configs (id, user_id, provider_id, name, encrypted_config)
      values (${`feed-${vendor}`}, ${userId}, ${vendor}, 'feed', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVydGV4dA.dGFn')`;
  }
  for (const { table, key, at, fill, entity } of feedTables) {
    say(`feed: ${table}`);
    const filled = table === 'slack_messages' ? fill : { ...fill, [at]: 'at' };
    await raw.unsafe(
      `insert into ${table} (connector_config_id, ${key}, ${Object.keys(filled).join(', ')})
       select 'feed-${vendorOf(entity)}', 'row-' || i, ${Object.values(filled).join(', ')}
       from generate_series(1, ${rows}) as i,
         lateral (select timestamptz '2020-01-01Z' + i * interval '1 minute' as at) as t`,
    );
    await raw.unsafe(`vacuum analyze ${table}`);
  }
}

/** Page 1 and page 1,000 against SQL written by hand for the same answer, and against each other. */
export async function measureFeed(url: string, rounds: number): Promise<Feed> {
  const ours = createPostgresClient({ url, max: 1 });
  const raw = postgres(url, { max: 1, onnotice: () => {} });
  const byUs = async ({ cursor }: Sample) =>
    (await getRecentActivity(ours.db, { userId, cursor, limit: pageSize })).items;
  const contestants = [
    { name: 'by hand, raw postgres.js', run: ({ key }: Sample) => byHand(raw, key) },
    { name: 'this project', run: byUs },
  ];
  try {
    const pages: FeedFigures[] = [];
    const first: Sample = { cursor: null, key: undefined };
    const deep = await deepSample();
    for (const [title, sample] of [
      ['Page 1', first],
      [`Page ${deepPage.toLocaleString('en')}`, deep],
    ] as const) {
      const [expected, found] = await Promise.all(contestants.map(({ run }) => run(sample)));
      if (!isDeepStrictEqual(comparable(expected), comparable(found))) {
        throw new Error(`${title}: the two give different rows.`);
      }
      const figures = await measure(contestants, [sample], {
        rounds,
        calls: 100,
        turns: 20,
      });
      pages.push({ title, figures });
    }
    const depths = [
      { name: 'first', run: () => byUs(first) },
      { name: 'deep', run: () => byUs(deep) },
    ];
    const figures = await measure(depths, [first], { rounds, calls: 100, turns: 0 });
    const depth = figures.get('deep')?.latencyRatio;
    if (!depth) throw new TypeError('unreachable');
    return { pages, depth };
  } finally {
    await Promise.all([ours.close(), raw.end()]);
  }

  async function deepSample(): Promise<Sample> {
    let cursor: string | null = null;
    let last: Awaited<ReturnType<typeof getRecentActivity>>['items'][number] | undefined;
    for (let page = 1; page < deepPage; page += 4) {
      // Four pages at a time, and at the end the three that are left.
      const limit = Math.min(4, deepPage - page) * pageSize;
      const next: Awaited<ReturnType<typeof getRecentActivity>> = await getRecentActivity(ours.db, {
        userId,
        cursor,
        limit,
      });
      cursor = next.nextCursor;
      last = next.items.at(-1);
    }
    if (!last) throw new Error('The feed ends before its page 1,000: seed more rows.');
    const { occurredAt, id, entity, connectorConfigId: connection } = last;
    return { cursor, key: { at: occurredAt.toISOString(), id, entity, connection } };
  }
}

/** The usual hand-written form: each table's page by index, then the newest of those. */
function byHand(raw: postgres.Sql, key: Key | undefined) {
  const branch = ({ entity, table, key: id, at, title, url }: FeedTable) => `
    select p.* from c cross join lateral (
      select '${entity}' as entity, connector_config_id, ${id} as id, ${at} as at,
        left(${title}, 280) as title, ${url} as url
      from ${table} where connector_config_id = c.id and ${
        key
          ? `(${at}, ${id}, '${entity}'::text, connector_config_id) < ($3::timestamptz, $4::text, $5::text, $6::text)`
          : `${at} is not null`
      }
      order by ${at} desc, ${id} desc limit $2
    ) p`;
  return raw.unsafe(
    `with c as materialized (select id from connector_configs where user_id = $1)
     select * from (${feedTables.map(branch).join(' union all ')}) feed
     order by at desc, id desc, entity desc, connector_config_id desc limit $2`,
    [userId, pageSize, ...(key ? [key.at, key.id, key.entity, key.connection] : [])],
    { prepare: true },
  );
}

const comparable = (rows: unknown) =>
  Array.isArray(rows)
    ? rows.map((row: object) => [
        Reflect.get(row, 'entity'),
        Reflect.get(row, 'id'),
        Reflect.get(row, 'title'),
        Reflect.get(row, 'url'),
        new Date(Reflect.get(row, 'occurredAt') ?? Reflect.get(row, 'at')).getTime(),
      ])
    : rows;

const vendorOf = (entity: string) => entity.slice(0, entity.indexOf('.'));
