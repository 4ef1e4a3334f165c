import { notFound } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { drawSchema, readLiveSchema } from '@/catalog/live-schema.ts';
import { findPackage, type SchemaPackage } from '@/catalog/schema-packages.ts';
import { DiagramPane } from '@/diagram/diagram-pane.tsx';
import { SkeletonList } from '@/ui/states.tsx';

/** The drawing stays while the panel beside it changes from table to table. */
export default async function DiagramLayout({
  params,
  children,
}: {
  params: Promise<{ package: string }>;
  children: ReactNode;
}) {
  const shown = findPackage((await params).package);
  if (!shown) notFound();
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <Suspense key={shown.slug} fallback={<Undrawn />}>
        <Drawing shown={shown} />
      </Suspense>
      <aside
        aria-label="Details"
        className="min-w-0 bg-surface lg:h-full lg:w-[21rem] lg:shrink-0 lg:overflow-y-auto xl:w-[27rem]"
      >
        {children}
      </aside>
    </div>
  );
}

async function Drawing({ shown }: { shown: SchemaPackage }) {
  const drawn = await drawSchema(shown, await readLiveSchema(shown));
  return <DiagramPane packageSlug={shown.slug} {...drawn} />;
}

/** A first drawing of many tables takes half a second. */
const Undrawn = () => (
  <div className="h-14 shrink-0 border-line border-b bg-canvas p-5 md:h-[55dvh] lg:h-full lg:flex-1">
    <div className="max-md:hidden">
      <SkeletonList rows={8} />
    </div>
  </div>
);
