import type postgres from 'postgres';
import { type BenchTenant, literal, type Vectors } from './data.ts';
import type { Layout } from './tables.ts';

/** How well and how fast one layout answers. */
export interface Figures {
  readonly layout: string;
  readonly recall: number;
  /** The recall of the worst tenant. */
  readonly worstRecall: number;
  /** The fewest rows that a tenant with enough of them got, of ten. */
  readonly fewestRows: number;
  readonly median: number;
  readonly p95: number;
  /** Median of the largest tenant, one in the middle, and the smallest. */
  readonly byTenant: readonly number[];
}

const limit = 10;
const overFetch = 4;

interface Question {
  readonly tenant: BenchTenant;
  readonly vector: string;
  readonly truth: ReadonlySet<string>;
}

/** Questions near each tenant's chunks with their true ten neighbours, by exact comparison. */
export async function questionsOf(
  app: postgres.Sql,
  tenants: readonly BenchTenant[],
  vectors: Vectors,
  each: number,
): Promise<Question[]> {
  const questions: Question[] = [];
  for (const tenant of tenants) {
    for (let index = 0; index < each; index++) {
      const vector = literal(vectors.next(tenant));
      const rows = await search(app, tenant, vector, {
        name: 'truth',
        table: 'flat_exact',
        settings: ['enable_seqscan = off'],
        distance: '(embedding <=> $1::vector) + 0',
      });
      questions.push({ tenant, vector, truth: new Set(rows.ids) });
    }
  }
  return questions;
}

/** One search as the application runs it: as tenancy_app, under row security, settings local. */
async function search(app: postgres.Sql, tenant: BenchTenant, vector: string, layout: Layout) {
  const settings = layout.settings.map((setting) => `set local ${setting}`);
  return app.begin(async (sql) => {
    await sql.unsafe([...settings, `set local app.tenant_id = '${tenant.id}'`].join('; ')).simple();
    const started = performance.now();
    const rows = await sql.unsafe<{ id: string; distance: number }[]>(
      `with nearest as materialized (
         select id, ${layout.distance ?? 'embedding <=> $1::vector'} as distance from ${layout.table}
         where tenant_id = $2 order by distance limit $3)
       select id, distance from nearest order by distance limit $4`,
      [vector, tenant.id, layout.name.includes('most people') ? limit : limit * overFetch, limit],
    );
    return { ids: rows.map(({ id }) => id), ms: performance.now() - started };
  });
}

/** Every question once in each layout, in turn, so that a busy moment hits them alike. */
export async function compare(
  app: postgres.Sql,
  layouts: readonly Layout[],
  questions: readonly Question[],
): Promise<Figures[]> {
  const answers = new Map(layouts.map(({ name }) => [name, [] as Answer[]]));
  for (const layout of layouts) {
    for (const { tenant, vector } of questions.slice(0, 20))
      await search(app, tenant, vector, layout);
  }
  for (const { tenant, vector, truth } of questions) {
    for (const layout of layouts) {
      const { ids, ms } = await search(app, tenant, vector, layout);
      const right = ids.filter((id) => truth.has(id)).length;
      answers.get(layout.name)?.push({ tenant, ms, rows: ids.length, recall: right / truth.size });
    }
  }
  return layouts.map(({ name }) => figuresOf(name, answers.get(name) ?? []));
}

interface Answer {
  readonly tenant: BenchTenant;
  readonly ms: number;
  readonly rows: number;
  readonly recall: number;
}

function figuresOf(layout: string, answers: readonly Answer[]): Figures {
  const tenants = [...new Set(answers.map(({ tenant }) => tenant))];
  const of = (wanted: BenchTenant | undefined) => answers.filter(({ tenant }) => tenant === wanted);
  const recalls = tenants.map((tenant) => mean(of(tenant).map(({ recall }) => recall)));
  const shown = [tenants[0], tenants[Math.floor(tenants.length / 2)], tenants.at(-1)];
  return {
    layout,
    recall: mean(answers.map(({ recall }) => recall)),
    worstRecall: Math.min(...recalls),
    fewestRows: Math.min(...answers.map(({ rows }) => rows)),
    median: quantile(
      answers.map(({ ms }) => ms),
      0.5,
    ),
    p95: quantile(
      answers.map(({ ms }) => ms),
      0.95,
    ),
    byTenant: shown.map((tenant) =>
      quantile(
        of(tenant).map(({ ms }) => ms),
        0.5,
      ),
    ),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
