import {
  embedQuery,
  hashingEmbedder,
  type SearchHit,
  searchChunks,
  withTenant,
} from '@reference/tenancy';
import { tenancy } from '@/server/databases.ts';
import { EmptyState } from '@/ui/states.tsx';

const modes = [
  { mode: 'vector', title: 'Vector', score: 'cosine similarity' },
  { mode: 'text', title: 'Text', score: 'BM25' },
  { mode: 'hybrid', title: 'Hybrid', score: 'sum of 1 / (60 + rank)' },
] as const;
const hitsEach = 8;

/** The same question asked in three ways, side by side, in one transaction of the organisation. */
export async function SearchResults({
  tenantId,
  question,
}: {
  tenantId: string;
  question: string;
}) {
  const query = await embedQuery(hashingEmbedder(), question);
  const found = await withTenant(await tenancy(), tenantId, async (tx) => {
    const answers: { mode: (typeof modes)[number]; hits: SearchHit[] }[] = [];
    for (const mode of modes) {
      const hits = await searchChunks(tx, { query, mode: mode.mode, limit: hitsEach });
      answers.push({ mode, hits });
    }
    return answers;
  });
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted text-sm">
        Embedded offline by hashed words and word pairs: near vectors share words, not meaning.
        Scores compare within a column only.
      </p>
      <div className="grid items-start gap-4 lg:grid-cols-3">
        {found.map(({ mode, hits }) => (
          <section key={mode.mode} aria-label={mode.title} className="flex min-w-0 flex-col gap-2">
            <h2 className="flex items-baseline justify-between gap-2 font-semibold text-lg">
              {mode.title}
              <span className="font-normal text-muted text-xs">{mode.score}</span>
            </h2>
            {hits.length === 0 ? (
              <EmptyState title="Nothing found">Not in this organisation’s documents.</EmptyState>
            ) : (
              <ol className="flex flex-col gap-2">
                {hits.map((hit, index) => (
                  <Hit key={hit.chunkId} hit={hit} rank={index + 1} />
                ))}
              </ol>
            )}
          </section>
        ))}
      </div>
    </div>
  );
}

function Hit({ hit, rank }: { hit: SearchHit; rank: number }) {
  const { document, heading, chunkIndex, score, highlight } = hit;
  return (
    <li className="flex flex-col gap-1 rounded-lg border border-line bg-surface px-3 py-2.5">
      <p className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 font-medium text-sm [overflow-wrap:anywhere]">
          <span className="text-muted">{rank}.</span> {heading || document.title}
        </span>
        <span className="shrink-0 font-mono text-muted text-xs tabular-nums">
          {score.toFixed(4)}
        </span>
      </p>
      <p className="line-clamp-5 whitespace-pre-line text-sm [overflow-wrap:anywhere]">
        {highlight.map(({ text, match }, index) =>
          match ? <mark key={`${index}${text}`}>{text}</mark> : text,
        )}
      </p>
      <p className="truncate text-muted text-xs">
        {document.title}, chunk {chunkIndex + 1}
      </p>
    </li>
  );
}
