import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { drawSchema, readLiveSchema } from '@/catalog/live-schema.ts';
import { findPackage } from '@/catalog/schema-packages.ts';
import { SchemaDiagram } from '@/diagram/schema-diagram.tsx';

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
  const { diagram, layout } = await drawSchema(shown, await readLiveSchema(shown));
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <section
        aria-label="Entity diagram"
        className="h-[55dvh] min-h-72 shrink-0 border-line border-b bg-canvas lg:h-full lg:flex-1 lg:border-r lg:border-b-0"
      >
        <SchemaDiagram
          key={shown.slug}
          packageSlug={shown.slug}
          diagram={diagram}
          layout={layout}
        />
      </section>
      <aside
        aria-label="Details"
        className="min-w-0 bg-surface lg:h-full lg:w-[27rem] lg:shrink-0 lg:overflow-y-auto"
      >
        {children}
      </aside>
    </div>
  );
}
