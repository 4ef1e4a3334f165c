import { BookOpen } from 'lucide-react';
import { redirect } from 'next/navigation';
import { listOrganisations } from '@/knowledge/organisations.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';

export default async function KnowledgePage() {
  const [first] = await listOrganisations(await openPage());
  if (first) redirect(`/knowledge/${first.slug}`);
  return (
    <PageFrame title="Knowledge" tab="Knowledge">
      <EmptyState icon={<BookOpen aria-hidden />} title="You are part of no organisation">
        Documents belong to organisations. Once one has added you, they are here.
      </EmptyState>
    </PageFrame>
  );
}
