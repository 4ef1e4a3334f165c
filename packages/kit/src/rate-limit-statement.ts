import { type SQL, sql } from 'drizzle-orm';

/** A limit's numbers, which its statement holds as text, so that each limit has a plan of its own. */
interface Limit {
  readonly most: number;
  readonly windowSeconds: number;
}

/** The answer of the statement. */
export interface Counted extends Record<string, unknown> {
  readonly counted: boolean;
  /** Whether a share had room when the statement began. */
  readonly chosen: boolean;
  readonly room: number;
  /** Seconds until the oldest count leaves the window. */
  readonly wait: number;
}

/** A large limit is split over 16 rows, so that its requests seldom wait for one another's lock. */
const slotsOf = (most: number) => (most < 160 ? 1 : 16);

/** The text before and after the key's hash; made once for each limit, because it is long. */
const texts = new Map<string, readonly [before: SQL, after: SQL]>();
const mostTexts = 1000;

/** The statement that counts a request of the key with this hash, if there is room for it. */
export function countStatement(limit: Limit, keyHash: string): SQL {
  const name = `${limit.most} ${limit.windowSeconds}`;
  const [before, after] = texts.get(name) ?? textOf(limit);
  if (texts.size < mostTexts) texts.set(name, [before, after]);
  return sql`${before}${keyHash}${after}`;
}

function textOf({ most, windowSeconds }: Limit): readonly [before: SQL, after: SQL] {
  const slots = slotsOf(most);
  const share = (slot: string) =>
    `(${Math.floor(most / slots)} + (${slot} < ${most % slots})::int)`;
  const present = `floor(extract(epoch from statement_timestamp()) * 12 / ${windowSeconds})::bigint`;
  /**
   * How many twelfths a row is behind; never negative, although a later statement may have moved it
   * on.
   */
  const behind = 'least(greatest(clock.bucket - r.bucket, 0), 13)::int';
  const used = (counts: string) => `coalesce((select sum(c) from unnest(${counts}) c), 0)::int`;
  // The row as it is once its lock is held: others may have counted since `seen` was read.
  const behindNow = `least(greatest(${present} - r.bucket, 0), 13)::int`;
  const moved = `(r.counts || array_fill(0, array[${behindNow}]))[${behindNow} + 1 : ${behindNow} + 13]`;
  const latest = `greatest(r.bucket, ${present})`;
  const endOf = (last: string) => `to_timestamp((${last} + 13) * ${windowSeconds} / 12.0)`;
  return [
    sql.raw('with clock as (select '),
    sql.raw(`::text as hash, ${present} as bucket),
    seen as (
      select r.slot, ${used(`r.counts[${behind} + 1 : 13]`)} as used,
        (select min(r.bucket + i) from unnest(r.counts) with ordinality as o(c, i)
          where c > 0 and i > ${behind}) as frees
      from clock join rate_limits r on r."keyHash" = clock.hash
    ),
    shares as (
      select s.slot, ${share('s.slot')} as share, coalesce(seen.used, 0) as used, seen.frees
      from generate_series(0, ${slots - 1}) as s(slot) left join seen on seen.slot = s.slot
    ),
    chosen as (select slot from shares where used < share order by random() limit 1),
    counted as (
      insert into rate_limits as r ("keyHash", slot, bucket, counts, "expiresAt")
      select clock.hash, chosen.slot, clock.bucket, array_fill(0, array[12]) || 1, ${endOf('clock.bucket')}
      from chosen, clock
      on conflict ("keyHash", slot) do update set
        counts = (${moved})[1:12] || ((${moved})[13] + 1),
        bucket = ${latest},
        "expiresAt" = ${endOf(latest)},
        "updatedAt" = now()
      where ${used(`r.counts[${behindNow} + 1 : 13]`)} < ${share('r.slot')}
      returning 1
    )
    select exists (select from counted) as counted, exists (select from chosen) as chosen,
      (select sum(greatest(share - used, 0)) from shares)::int as room,
      coalesce((select ceil(min(frees) * ${windowSeconds} / 12.0 - extract(epoch from statement_timestamp()))
        from shares), 0)::int as wait`),
  ];
}
