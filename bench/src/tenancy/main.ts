import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { migrate } from '@reference/migrator';
import { createTenancy, migrationsFolder } from '@reference/tenancy';
import { Command } from 'commander';
import postgres from 'postgres';
import { openServer } from '../server.ts';
import { type Topics, tenantsOf, Vectors } from './data.ts';
import { compare, type Figures, questionsOf } from './recall.ts';
import { type Cost, rowSecurityCost, withTenantCost } from './row-security.ts';
import { build, fill, layouts } from './tables.ts';

const options = new Command('bench:tenancy')
  .description(
    'Vector search under row security by index and setting, and what row security costs.',
  )
  .option('--chunks <number>', 'chunks over all tenants', Number, 100_000)
  .option('--tenants <number>', 'tenants', Number, 100)
  .option('--questions <number>', 'questions of each tenant', Number, 5)
  .option('--url <url>', 'a superuser’s URL of an empty database; default a container')
  .option('--no-report', 'leave docs/performance-tenancy.md as it is')
  .parse()
  .opts<{ chunks: number; tenants: number; questions: number; url?: string; report: boolean }>();

const server = await openServer(options.url);
const owner = postgres(server.url, { max: 2, onnotice: () => {} });
try {
  await migrate(server.url, { folder: migrationsFolder });
  await owner.unsafe(
    `drop role if exists bench_login; create role bench_login login password 'bench' in role tenancy_app`,
  );
  const parts: string[] = [await heading()];
  for (const topics of ['own', 'shared'] as const) {
    const part = await measure(topics);
    console.log(part);
    parts.push(part);
    if (options.report) {
      const at = new URL('../../../docs/performance-tenancy.md', import.meta.url);
      await writeFile(at, `${parts.join('\n\n')}\n`);
    }
  }
} finally {
  await owner.end();
  await server.close();
}

async function measure(topics: Topics): Promise<string> {
  const tenants = tenantsOf(options.tenants, options.chunks);
  const vectors = new Vectors(topics);
  console.log(`${topics} topics: filling`);
  await fill(owner, tenants, vectors);
  const seconds = await build(owner);
  const url = new URL(server.url);
  url.username = 'bench_login';
  url.password = 'bench';
  const app = postgres(url.href, { max: 1, onnotice: () => {} });
  const tenancy = await createTenancy({ url: url.href, max: 1 });
  try {
    const questions = await questionsOf(app, tenants, vectors, options.questions);
    const figures = await compare(app, layouts, questions);
    const costs = await rowSecurityCost(app, owner, tenants, vectors);
    const [largest] = tenants;
    if (largest) costs.push(await withTenantCost(tenancy, largest));
    return report(
      topics,
      tenants.map(({ chunks }) => chunks),
      figures,
      costs,
      seconds,
    );
  } finally {
    await app.end();
    await tenancy.close();
  }
}

async function heading(): Promise<string> {
  const [version] = await owner`
    select current_setting('server_version') as postgres,
      (select extversion from pg_extension where extname = 'vector') as pgvector`;
  return `# Vector search under row security, measured

Written by \`pnpm --filter @reference/bench bench:tenancy\`: ${options.chunks} chunks of 1,536 dimensions over ${options.tenants} tenants, ${options.questions} questions of each tenant, as a login role granted tenancy_app. PostgreSQL ${version?.postgres}, pgvector ${version?.pgvector}, ${cpus().length} cores (${cpus()[0]?.model}), warm cache. The machine was shared, so compare times only within a table. Recall is the share of the ten true neighbours; a comparison with every chunk of the tenant finds the true ones.`;
}

function report(
  topics: Topics,
  sizes: readonly number[],
  figures: readonly Figures[],
  costs: readonly Cost[],
  seconds: Readonly<Record<string, number>>,
): string {
  const shown = [sizes[0], sizes[Math.floor(sizes.length / 2)], sizes.at(-1)];
  const good = figures.filter(({ recall, worstRecall }) => recall >= 0.99 && worstRecall >= 0.95);
  const fastest = Math.min(...good.map(({ median }) => median));
  const rows = figures.map(
    (row) =>
      `| ${row.layout} | ${row.recall.toFixed(3)} | ${row.worstRecall.toFixed(2)} | ${row.fewestRows} | ${ms(row.median)} | ${ms(row.p95)} | ${row.byTenant.map(ms).join(' / ')} |`,
  );
  const builds = Object.entries(seconds).map(([table, time]) => `${table} ${time.toFixed(0)} s`);
  const costRows = costs.map(
    ({ what, base, measured }) =>
      `| ${what} | ${ms(base)} | ${ms(measured)} | ${(measured / base).toFixed(2)} |`,
  );
  return `## ${topics === 'own' ? 'Topics of their own' : 'Topics shared by all tenants'}

| layout | recall@10 | worst tenant | fewest rows | median | p95 | median of the tenant with ${shown.join(' / ')} chunks |
|---|---|---|---|---|---|---|
${rows.join('\n')}

Among the layouts with recall of at least 0.99 on average and 0.95 for every tenant, the fastest has a median of ${ms(fastest)}. Index builds, two at a time: ${builds.join(', ')}.

| statement | as owner, without row security | as tenancy_app | ratio |
|---|---|---|---|
${costRows.join('\n')}

The last row's base is a bare transaction of the same role.`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
