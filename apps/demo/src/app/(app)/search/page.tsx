import { searchPages } from '@pagespace/db';
import { Search } from 'lucide-react';
import type { Metadata } from 'next';
import Form from 'next/form';
import Link from 'next/link';
import { pagespace } from '@/server/databases.ts';
import { oneValue } from '@/server/one-value.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { Button } from '@/ui/button.tsx';
import { KeptField } from '@/ui/kept-field.tsx';
import { PageFrame } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { PageIcon } from '@/workspace/page-icon.tsx';

export const metadata: Metadata = { title: 'Search' };

interface Props {
  readonly searchParams: Promise<Record<'q' | 'drive' | 'after', string | string[] | undefined>>;
}

export default async function SearchPage({ searchParams }: Props) {
  const asked = await searchParams;
  const q = oneValue(asked.q) ?? '';
  const drive = oneValue(asked.drive);
  const after = oneValue(asked.after);
  const { userId } = await openPage();
  const words = q.trim();
  const found =
    words === ''
      ? undefined
      : await orNotFound(
          searchPages(pagespace(), {
            userId,
            words,
            after,
            limit: 20,
            ...(drive ? { driveId: drive } : {}),
          }),
        );
  const more = new URLSearchParams({ q, ...(drive ? { drive } : {}) });
  return (
    <PageFrame
      title="Search"
      lead={drive ? 'Titles and texts of this drive.' : 'Titles and texts of every drive.'}
    >
      <Form action="/search" className="flex items-end gap-2">
        {drive && <input type="hidden" name="drive" value={drive} />}
        <div className="flex-1">
          <KeptField
            label="Words"
            name="q"
            type="search"
            value={q}
            maxLength={500}
            hint="“exact phrase”, or, and -without work"
          />
        </div>
        <Button type="submit" look="primary" className="mb-6.5">
          <Search className="size-4" aria-hidden />
          Search
        </Button>
      </Form>
      {found?.items.length === 0 && (
        <EmptyState title="No page that you may see has these words">
          Try fewer words{drive && ', or all drives'}.
        </EmptyState>
      )}
      {found && found.items.length > 0 && (
        <ol className="flex flex-col gap-1">
          {found.items.map(({ id, driveId, title, type, snippet, rank }) => (
            <li key={id}>
              <Link
                href={`/drives/${driveId}/pages/${id}`}
                prefetch={false}
                className="flex flex-col gap-0.5 rounded-lg px-3 py-2.5 hover:bg-sunken"
              >
                <span className="flex items-center gap-2 font-medium">
                  <PageIcon type={type} className="size-4 text-muted" />
                  {title}
                  <span className="ml-auto text-xs font-normal text-muted tabular-nums">
                    rank {rank.toFixed(3)}
                  </span>
                </span>
                <span className="text-sm text-muted">
                  {snippet.map(({ text, match }, index) =>
                    match ? (
                      <mark key={`${index} ${text}`} className="text-ink">
                        {text}
                      </mark>
                    ) : (
                      text
                    ),
                  )}
                </span>
              </Link>
            </li>
          ))}
        </ol>
      )}
      {found?.nextCursor && (
        <Button asChild className="self-center">
          <Link href={`/search?${more}&after=${encodeURIComponent(found.nextCursor)}`}>More</Link>
        </Button>
      )}
    </PageFrame>
  );
}
