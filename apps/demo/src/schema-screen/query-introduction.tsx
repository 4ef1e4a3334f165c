import { ChevronRight } from 'lucide-react';
import type { Declaration } from '@/catalog/source-files.ts';
import type { ListedQuery } from '@/lab/labs.ts';
import { Code } from './code.tsx';
import { commentInWords, DocText } from './doc-text.tsx';

/** A query function's doc comment and source. */
export function QueryIntroduction({
  query,
  declared,
}: {
  query: ListedQuery;
  declared: Declaration | undefined;
}) {
  return (
    <header className="flex flex-col gap-3">
      <h2 className="font-mono font-semibold text-lg [overflow-wrap:anywhere]">{query.call}</h2>
      {declared?.comment && (
        <p className="max-w-3xl whitespace-pre-line text-sm">
          <DocText>{commentInWords(declared.comment)}</DocText>
        </p>
      )}
      {declared && (
        <details className="group">
          <summary className="flex w-fit cursor-pointer list-none items-center gap-1 rounded font-mono text-muted text-xs hover:text-ink">
            <ChevronRight
              size={14}
              aria-hidden
              className="shrink-0 motion-safe:transition-transform group-open:rotate-90"
            />
            <span className="[overflow-wrap:anywhere]">
              {declared.path}:{declared.line}
            </span>
          </summary>
          <div className="pt-2">
            <Code language="typescript" label="Source of the query" code={declared.code} />
          </div>
        </details>
      )}
    </header>
  );
}
