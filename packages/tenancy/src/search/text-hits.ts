import { type SQL, sql } from 'drizzle-orm';
import { matchEnd, matchStart } from './highlight.ts';

/** The rows of `document_chunks` that a search reads. */
export interface Scope {
  /** The condition that finds them by their key, such as `document_chunks.tenant_id = …`. */
  readonly rows: SQL;
  /** Further conditions, each with `and` before it. */
  readonly filter: SQL;
}

export interface TextSearch {
  readonly text: string;
  readonly limit: number;
}

/** `"a phrase"`, `-without` and `or`, as on the web. */
const operators = /"|(^|\s)-\S|\bor\b/i;

/**
 * Chunks that match by words, best first. A query with operators is taken literally; any other is a
 * question, and few passages have all words of a question.
 *
 * @returns a select of (id, score)
 */
export const textHits = (scope: Scope, search: TextSearch): SQL =>
  operators.test(search.text) ? exactly(scope, search) : anyOf(scope, search);

/** The query for PostgreSQL's web search. */
const asWritten = (text: string) => sql`websearch_to_tsquery('english', ${text}::text)`;

const exactly = ({ rows, filter }: Scope, { text, limit }: TextSearch): SQL => sql`
  select id, ts_rank(search_vector, ${asWritten(text)}, 1) as score
  from document_chunks
  where ${rows} and search_vector @@ ${asWritten(text)} ${filter}
  order by score desc, id
  limit ${limit}`;

/** The number of chunks with the rarest words of the question that are scored in full. */
const candidates = 200;

/** The lexeme as a tsquery, with the quotes and backslashes of its text form. */
const oneWord = sql.raw(
  String.raw`('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery`,
);

/**
 * Any of the words, scored by BM25 (k1 1.2, b 0.75) within the scope, because `ts_rank` ignores
 * rarity: a rare word counts for more, a long passage for less, a word of a heading three times.
 * The index gives each word's chunks without their texts; the query reads only the best candidates.
 */
const anyOf = ({ rows, filter }: Scope, { text, limit }: TextSearch): SQL => sql`
  select id, score from (
    with terms as materialized (
      select lexeme from unnest(tsvector_to_array(to_tsvector('english', ${text}::text))) as lexeme
    ), occurrences as materialized (
      select lexeme, id, token_count
      from terms cross join lateral (
        select id, token_count from document_chunks
        where ${rows} and search_vector @@ ${oneWord}
          ${filter}
      ) as found
    ), total as (
      select count(distinct id) as chunks, avg(token_count) as length from occurrences
    ), rarity as materialized (
      select lexeme, ln(1 + (max(total.chunks) - count(*) + 0.5) / (count(*) + 0.5)) as weight
      from occurrences cross join total group by lexeme
    ), candidates as materialized (
      select id, token_count from occurrences join rarity using (lexeme)
      group by id, token_count order by sum(weight) desc, id limit ${candidates}
    )
    select candidates.id,
      sum(rarity.weight * frequency * 2.2
        / (frequency + 1.2 * (0.25 + 0.75 * candidates.token_count / total.length)))::float8 as score
    from candidates
    cross join total
    join document_chunks on ${rows} and document_chunks.id = candidates.id
    cross join unnest(search_vector) as word (lexeme, positions, weights)
    join rarity on rarity.lexeme = word.lexeme
    cross join lateral (
      select sum(case weight when 'A' then 3 else 1 end) as frequency from unnest(weights) as weight
    ) as occurrence
    group by candidates.id
  ) as scored
  order by score desc, id
  limit ${limit}`;

/** The best fragments of a text with any of the words marked. */
export const headline = (content: SQL, text: string): SQL => sql`ts_headline('english', ${content},
  replace(${asWritten(text)}::text, '&', '|')::tsquery,
  ${`StartSel="${matchStart}", StopSel="${matchEnd}", MaxFragments=2, MinWords=15, MaxWords=35, FragmentDelimiter=" … "`})`;
