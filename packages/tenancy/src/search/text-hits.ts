import { type SQL, sql } from 'drizzle-orm';
import type { SearchFilter } from '../queries/search.ts';
import { filterOf } from './filter.ts';
import { matchEnd, matchStart } from './highlight.ts';

/** As the user wrote it: every word, phrases, `or`, `-without`. */
const strict = (text: string) => sql`websearch_to_tsquery('english', ${text}::text)`;

/**
 * Any of the words, for a question rarely has all of its words in one passage. A query that excludes
 * a word stays as it is: "or without that word" would match nearly everything.
 */
const loose = (text: string) => sql`(case
    when strpos(${strict(text)}::text, '!') > 0 then ${strict(text)}
    else replace(${strict(text)}::text, '&', '|')::tsquery
  end)`;

/**
 * Chunks that match by words: those with all of them first, then by `ts_rank`, in which a long passage
 * counts a little less.
 * @returns a select of (id, score)
 */
export const textHits = (
  tenantId: string,
  { text, filter, limit }: { text: string; filter: SearchFilter; limit: number },
): SQL => sql`
  select id, (search_vector @@ ${strict(text)})::int + ts_rank(search_vector, ${loose(text)}, 1) as score
  from document_chunks
  where tenant_id = ${tenantId} and search_vector @@ ${loose(text)} ${filterOf(tenantId, filter)}
  order by score desc, id
  limit ${limit}`;

/** The best fragments of a text with the words marked. */
export const headline = (content: SQL, text: string): SQL =>
  sql`ts_headline('english', ${content}, ${loose(text)}, ${`StartSel="${matchStart}", StopSel="${matchEnd}", MaxFragments=2, MinWords=8, MaxWords=30, FragmentDelimiter=" … "`})`;
