import { InvalidInputError, parseInput } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { hybrid, textOnly, vectorOnly } from '../../../tenancy/src/search/fuse.ts';
import { type Segment, segmentsOf } from '../../../tenancy/src/search/highlight.ts';
import { headline } from '../../../tenancy/src/search/text-hits.ts';
import { searchSettings, vectorLiteral } from '../../../tenancy/src/search/vector-hits.ts';
import { type Database, executeRows, type Transaction, transaction } from '../database.ts';
import { embeddingDimensions } from '../schema/documents.ts';

const searchParams = z.object({
  mode: z.enum(['vector', 'text', 'hybrid']).default('hybrid'),
  text: z.string().max(10_000),
  /** The question's embedding, for `vector` and `hybrid`: of the model that the chunks were embedded with. */
  vector: z.array(z.number()).length(embeddingDimensions).optional(),
  limit: z.int().min(1).max(100).default(10),
  /** Only chunks of these documents. */
  documentIds: z.array(z.guid()).min(1).max(1000).optional(),
  /** Only documents whose metadata contain this object. */
  metadata: z.record(z.string(), z.json()).optional(),
});
export type SearchParams = z.input<typeof searchParams>;

/** A chunk that answers, best first. */
export interface SearchHit {
  readonly chunkId: string;
  /** Comparable within one result only: cosine similarity, BM25, or the sum of 1 / (60 + rank). */
  readonly score: number;
  readonly documentId: string;
  readonly title: string;
  readonly content: string;
  /** The passages that match, with the matching words marked. Plain text: escape it for HTML. */
  readonly highlight: readonly Segment[];
}

/**
 * Finds the chunks that answer a question: by vector (nearest by cosine), by text (any of the words, rare
 * ones first; `"a phrase"`, `or` and `-without` as on the web), or hybrid: both lists fused by rank in one
 * statement. When the index scan comes up short, an exact search follows.
 *
 * @throws InvalidInputError for malformed input, or a search by vector without one
 */
export async function searchChunks(db: Database, params: SearchParams): Promise<SearchHit[]> {
  const { mode, limit, vector: given, ...rest } = parseInput(searchParams, params);
  // A NUL is in no text that PostgreSQL stores.
  const text = rest.text.replaceAll('\0', ' ');
  const scope = { rows: sql`true`, filter: filterOf(rest) };
  return transaction(db, async (tx) => {
    await tx.execute(settings());
    if (mode === 'text') return run(tx, text, textOnly(scope, { text, limit }));
    if (!given) throw new InvalidInputError(`Search by ${mode} needs the question's embedding.`);
    const vector = vectorLiteral(given);
    const found = (exact: boolean) =>
      mode === 'vector'
        ? vectorOnly(scope, { vector, limit, exact })
        : hybrid(scope, { text, vector, limit, exact });
    const hits = await run(tx, text, found(false));
    return hits.length < limit ? run(tx, text, found(true)) : hits;
  });
}

/** The planner's settings until the transaction ends, all in one statement. */
function settings(): SQL {
  const calls = searchSettings.map((setting) => {
    const [name = '', value = ''] = setting.split(' = ');
    return sql`set_config(${name}, ${value}, true)`;
  });
  return sql`select ${sql.join(calls, sql`, `)}`;
}

function filterOf({
  documentIds,
  metadata,
}: Pick<z.output<typeof searchParams>, 'documentIds' | 'metadata'>): SQL {
  const conditions: SQL[] = [];
  if (documentIds)
    conditions.push(sql`and document_id = any(${`{${documentIds.join(',')}}`}::uuid[])`);
  if (metadata)
    conditions.push(
      sql`and document_id in (select id from documents where metadata @> ${JSON.stringify(metadata)}::text::jsonb)`,
    );
  return sql.join(conditions, sql` `);
}

const hitRows = z.array(
  z.object({
    chunk_id: z.string(),
    score: z.coerce.number(),
    document_id: z.string(),
    title: z.string(),
    content: z.string(),
    highlight: z.string(),
  }),
);

/** @param found a WITH list that ends in `hits (id, score)` */
async function run(tx: Transaction, text: string, found: SQL): Promise<SearchHit[]> {
  const rows = await executeRows(
    tx,
    sql`${found}
    select c.id as chunk_id, hits.score, c.document_id, d.title, c.content,
      ${headline(sql`c.content`, text)} as highlight
    from hits
    join document_chunks c on c.id = hits.id
    join documents d on d.id = c.document_id
    order by hits.score desc, c.id`,
  );
  return hitRows.parse(rows).map((row) => ({
    chunkId: row.chunk_id,
    score: row.score,
    documentId: row.document_id,
    title: row.title,
    content: row.content,
    highlight: segmentsOf(row.highlight),
  }));
}
