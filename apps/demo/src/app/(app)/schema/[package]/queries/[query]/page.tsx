import { notFound } from 'next/navigation';
import { findPackage } from '@/catalog/schema-packages.ts';
import { readPackageSource } from '@/catalog/source-files.ts';
import { labPersonOf } from '@/lab/lab-person.ts';
import { labs } from '@/lab/labs.ts';
import { LabForm } from '@/schema-screen/lab-form.tsx';
import { QueryIntroduction } from '@/schema-screen/query-introduction.tsx';
import { QueryList } from '@/schema-screen/query-list.tsx';
import { orNotFound } from '@/server/problems.ts';
import { openPage } from '@/server/session.ts';

export default async function QueryPage({
  params,
}: {
  params: Promise<{ package: string; query: string }>;
}) {
  const session = await openPage();
  const { package: slug, query: querySlug } = await params;
  const shown = findPackage(slug);
  const lab = shown && labs[shown.slug];
  const query = lab?.queries.find((listed) => listed.slug === querySlug);
  if (!shown || !lab || !query) notFound();
  const person = await labPersonOf(session);
  const [fields, source] = await Promise.all([
    orNotFound(lab.fields(query.slug, person)),
    readPackageSource(shown.slug),
  ]);
  const declared = source.exports.get(query.call.split('(')[0] ?? '');
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <title>{`${query.name} · Postgres reference`}</title>
      <QueryList shown={shown} queries={lab.queries} current={query.slug} />
      <div className="min-w-0 flex-1 lg:overflow-y-auto">
        <div className="page-width flex flex-col gap-5 py-6">
          <QueryIntroduction query={query} declared={declared} />
          <LabForm key={query.slug} package={shown.slug} query={query} fields={fields} />
        </div>
      </div>
    </div>
  );
}
