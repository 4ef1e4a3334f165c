import { listDocuments, withTenant } from '@reference/tenancy';
import { AddDocument } from '@/knowledge/add-document.tsx';
import { DocumentList } from '@/knowledge/document-list.tsx';
import { OrganisationNav } from '@/knowledge/organisation-nav.tsx';
import { listOrganisations, requireOrganisation } from '@/knowledge/organisations.ts';
import { SearchForm } from '@/knowledge/search-form.tsx';
import { SearchResults } from '@/knowledge/search-results.tsx';
import { tenancy } from '@/server/databases.ts';
import { oneValue } from '@/server/one-value.ts';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame, Section } from '@/ui/page.tsx';

export default async function OrganisationPage({
  params,
  searchParams,
}: {
  params: Promise<{ organisation: string }>;
  searchParams: Promise<{ q?: string | string[] }>;
}) {
  const session = await openPage();
  const { slug, tenantId } = await orNotFound(
    requireOrganisation(session, (await params).organisation),
  );
  const question = (oneValue((await searchParams).q) ?? '').trim().slice(0, 500);
  return (
    <PageFrame
      title="Knowledge"
      tab={question ? `${question} in ${slug}` : `Knowledge of ${slug}`}
      lead="Documents of organisations, split and embedded. Row security keeps each to its own."
      actions={<AddDocument organisation={slug} />}
    >
      <OrganisationNav
        organisations={await listOrganisations(session)}
        current={slug}
        question={question}
      />
      <SearchForm organisation={slug} question={question} />
      {question ? (
        <SearchResults tenantId={tenantId} question={question} />
      ) : (
        <Section title="Documents">
          <DocumentList
            key={slug}
            organisation={slug}
            first={
              await withTenant(await tenancy(), tenantId, (tx) => listDocuments(tx, { limit: 25 }))
            }
          />
        </Section>
      )}
    </PageFrame>
  );
}
