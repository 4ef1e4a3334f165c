import {
  type Embedder,
  embedQuery,
  searchChunks,
  type Tenancy,
  withTenant,
} from '../../../src/index.ts';
import { judgedQuestions } from './questions.ts';

export const modes = ['text', 'vector', 'hybrid'] as const;
export type Mode = (typeof modes)[number];

export interface Quality {
  /** The share of a question's files among those of its first ten chunks, averaged. */
  readonly recall: number;
  /** One over the rank of the first chunk of such a file, averaged; 0 when it is not among the ten. */
  readonly mrr: number;
  /** Questions without any of their files. */
  readonly missed: readonly string[];
}

/** Asks every judged question and compares the files of the first ten chunks. */
export async function scoreMode(
  tenancy: Tenancy,
  tenantId: string,
  embedder: Embedder,
  mode: Mode,
): Promise<Quality> {
  let recall = 0;
  let mrr = 0;
  const missed: string[] = [];
  for (const { question, files } of judgedQuestions) {
    const query = await embedQuery(embedder, question);
    const hits = await withTenant(tenancy, tenantId, (tx) =>
      searchChunks(tx, { query, mode, limit: 10 }),
    );
    const found = hits.map(({ document }) =>
      files.find((file) => document.sourceUrl?.endsWith(file)),
    );
    const rank = found.findIndex((file) => file !== undefined) + 1;
    recall += new Set(found.filter((file) => file !== undefined)).size / files.length;
    if (rank > 0) mrr += 1 / rank;
    else missed.push(question);
  }
  const { length } = judgedQuestions;
  return { recall: recall / length, mrr: mrr / length, missed };
}
