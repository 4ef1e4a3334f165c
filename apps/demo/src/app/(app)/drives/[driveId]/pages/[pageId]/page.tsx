import { getPageAccess, markPageViewed, requirePage } from '@pagespace/db';
import { notFound } from 'next/navigation';
import { after } from 'next/server';
import { isOnPglite, pagespace } from '@/server/databases.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { PageHeader } from '@/workspace/page-header.tsx';
import { PageView } from '@/workspace/page-view.tsx';

interface Props {
  readonly params: Promise<{ driveId: string; pageId: string }>;
}

export default async function WorkspacePage({ params }: Props) {
  const { driveId, pageId } = await params;
  const { userId } = await openPage();
  const [page, access] = await orNotFound(
    Promise.all([
      requirePage(pagespace(), { userId, pageId }),
      getPageAccess(pagespace(), { userId, pageId }),
    ]),
  );
  if (page.driveId !== driveId) notFound();
  after(() => markPageViewed(pagespace(), { userId, pageId }));
  return (
    <article className="flex min-h-full flex-col">
      <title>{`${page.title} · Postgres reference`}</title>
      <PageHeader page={page} access={access} />
      <PageView page={page} access={access} userId={userId} polls={isOnPglite('pagespace')} />
    </article>
  );
}
