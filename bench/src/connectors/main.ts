// pnpm --filter ./bench bench:connectors: the figures of packages/postgres, written to docs/performance-connectors.md.
import { migrate } from '@reference/migrator';
import { Command } from 'commander';
import postgres from 'postgres';
import { conditions, number, publish, ratio, table, verdict } from '../markdown.ts';
import { openServer } from '../server.ts';
import { type Feed, type FeedFigures, measureFeed, seedFeed } from './feed.ts';
import { measureStream, type StreamCost } from './stream.ts';
import { jsonCost, measureUpserts, type UpsertCost } from './upserts.ts';

const options = new Command('bench:connectors')
  .description('Measures bulk upserts by technique, a long stream and the activity feed.')
  .option('--rounds <number>', 'rounds', Number, 5)
  .option('--counts <numbers>', 'rows of the upserts', numbers, [5_000, 100_000])
  .option('--feed-rows <number>', 'rows in each table of the feed', Number, 500_000)
  .option('--stream-rows <number>', 'rows of the stream', Number, 1_000_000)
  .option('--no-report', 'leave docs/performance-connectors.md as it is')
  .parse()
  .opts<{
    rounds: number;
    counts: number[];
    feedRows: number;
    streamRows: number;
    report: boolean;
  }>();

// Whole rows only in the first size: the slow techniques would take half an hour for the others.
const shapes = { required: options.counts, whole: options.counts.slice(0, 1) };
const groups = (['required', 'whole'] as const).flatMap((shape) =>
  shapes[shape].map((rows) => ({ shape, rows })),
);

const server = await openServer(undefined);
const raw = postgres(server.url, { max: 1, onnotice: () => {} });
try {
  const folder = new URL('../../../packages/postgres/src/migrations', import.meta.url);
  await migrate(server.url, { folder: folder.pathname });
  await raw`insert into providers (id, slug, name, auth_type) values ('p', 'p', 'p', 'oauth2')`;
  await raw`insert into connector_configs (id, user_id, provider_id, name, encrypted_config)
    values ('upserts', 'bench', 'p', 'bench', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVydGV4dA.dGFn')`;

  const upserts: UpsertCost[] = [];
  for (const shape of ['required', 'whole'] as const) {
    const effort = { rounds: options.rounds, counts: shapes[shape] };
    upserts.push(...(await measureUpserts(server.url, raw, 'upserts', shape, effort, say)));
  }
  say(`stream: ${options.streamRows} rows`);
  const stream = await measureStream(server.url, raw, 'upserts', options.streamRows);
  await raw`truncate github_pull_requests`;
  await seedFeed(raw, options.feedRows, say);
  say('feed: pages');
  const feed = await measureFeed(server.url, options.rounds);

  const report = [
    '# Figures of packages/postgres',
    `Written by \`pnpm --filter ./bench bench:connectors\`. ${conditions(server, options.rounds)}`,
    '## Bulk upsert of pull requests, by technique',
    'A whole row has 33 columns, two of them JSON, and about 1.4 KB. A required row has only the required columns and the author: 15 columns, one of them JSON, and about 0.5 KB. The table is empty, holds another version of each row, or holds the same rows. All techniques take turns in shuffled order, 5,000 rows five times a round and 100,000 three times, the three slow ones in one turn of five. Times are medians over the turns; ratios are medians of the ratios within a turn. The other techniques replace existing rows; this project also checks every value, rejects older deliveries and skips equal rows.',
    upsertTables(upserts),
    upsertVerdicts(upserts),
    '## A stream',
    streamLine(stream),
    `## The activity feed over ${number(options.feedRows)} rows in each of 14 tables, 50 a page`,
    feedTable(feed.pages),
    feedVerdicts(feed),
  ].join('\n\n');
  await publish('performance-connectors', report, options.report);
} finally {
  await raw.end();
  await server.close();
}

function say(progress: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${progress}`);
}

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}

function upsertTables(costs: readonly UpsertCost[]): string {
  const titles = {
    empty: 'into an empty table',
    other: 'over another version',
    same: 'over the same rows',
  };
  return groups
    .flatMap(({ shape, rows }) =>
      (['empty', 'other', 'same'] as const).map((into) => {
        const group = costs.filter(
          (cost) => cost.shape === shape && cost.rows === rows && cost.into === into,
        );
        const lines = group.map((cost) => [
          cost.technique,
          `${number(cost.milliseconds)} ms`,
          cost.ratio.toFixed(2),
          `${cost.cpuMicrosecondsPerRow.toFixed(1)} µs`,
          `${(cost.walBytes / 1e6).toFixed(2)} MB`,
        ]);
        const head = ['', 'time', 'ratio', 'client CPU a row', 'WAL'];
        return `### ${number(rows)} ${shape} rows ${titles[into]}\n\n${table(head, lines)}`;
      }),
    )
    .join('\n\n');
}

function upsertVerdicts(costs: readonly UpsertCost[]): string {
  const lines: string[] = [];
  for (const { shape, rows } of groups) {
    const group = costs.filter((cost) => cost.shape === shape && cost.rows === rows);
    const find = (into: UpsertCost['into'], technique: string) =>
      group.find((cost) => cost.into === into && cost.technique === technique);
    const ours = find('other', 'this project');
    if (!ours) continue;
    const raws = group.filter(
      ({ into, technique }) => into === 'other' && technique.endsWith('raw'),
    );
    const toFastest = 1 / Math.min(...raws.map(({ ratio }) => ratio));
    const drizzle = find('other', 'multi-row VALUES, Drizzle')?.ratio ?? Number.NaN;
    const single = find('other', 'row by row onConflictDoUpdate, Drizzle')?.ratio;
    const name = `${number(rows)} ${shape} rows`;
    lines.push(
      verdict(
        toFastest <= 1.1,
        `${name}: ${toFastest.toFixed(2)} times the fastest raw technique, wanted at most 1.10`,
      ),
      verdict(
        drizzle >= 3,
        `${name}: ${drizzle.toFixed(1)} times faster than Drizzle's multi-row VALUES, wanted 3`,
      ),
      verdict(
        ours.cpuMicrosecondsPerRow <= 6,
        `${name}: ${ours.cpuMicrosecondsPerRow.toFixed(1)} µs of client CPU a row, wanted at most 6; JSON.stringify of the rows and nothing else takes ${jsonCost(shape, options.rounds).toFixed(1)} µs on this machine`,
      ),
    );
    if (single !== undefined) {
      lines.push(
        verdict(
          single >= 15,
          `${name}: ${single.toFixed(1)} times faster than row by row through Drizzle, wanted 15`,
        ),
      );
    }
    const same = find('same', 'this project');
    if (same) {
      const share = (same.walBytes / ours.walBytes) * 100;
      lines.push(
        verdict(
          share <= 2,
          `${name}, nothing changed: ${share.toFixed(2)} % of the WAL of a rewrite, wanted at most 2`,
        ),
        verdict(
          same.milliseconds <= ours.milliseconds,
          `${name}, nothing changed: ${(same.milliseconds / ours.milliseconds).toFixed(2)} times the time of a rewrite, wanted no slower`,
        ),
      );
    }
  }
  return lines.join('\n');
}

function streamLine({ rows, seconds, before, atATenth, peak }: StreamCost): string {
  const mib = (bytes: number) => `${number(bytes / 1024 / 1024)} MiB`;
  return `${number(rows)} pull requests from an async generator in one call: ${number(seconds)} s, ${number(rows / seconds)} rows a second. Resident memory: ${mib(before)} before, at most ${mib(atATenth)} in the first tenth, at most ${mib(peak)} in all.`;
}

function feedTable(feed: readonly FeedFigures[]): string {
  const rows = feed.flatMap(({ title, figures }) =>
    [...figures].map(([name, { latency, latencyRatio }]) => [
      title,
      name,
      `${number(latency.median)} µs`,
      ratio(latencyRatio),
    ]),
  );
  return table(['', '', 'latency', 'ratio'], rows);
}

function feedVerdicts({ pages, depth }: Feed): string {
  const lines = pages.map(({ title, figures }) => {
    const value = figures.get('this project')?.latencyRatio.median ?? Number.NaN;
    return verdict(
      value <= 1.3,
      `${title}: ${value.toFixed(2)} times the hand-written SQL, wanted at most 1.30`,
    );
  });
  lines.push(
    verdict(
      depth.median <= 1.2,
      `Page 1,000: ${ratio(depth)} times the time of page 1, the two in turns, wanted at most 1.20`,
    ),
  );
  return lines.join('\n');
}
