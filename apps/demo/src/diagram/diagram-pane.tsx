'use client';

import { clsx } from 'clsx';
import { Network } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { SchemaDiagram, type SchemaDiagramProps } from './schema-diagram.tsx';

/**
 * The diagram's part of the screen. A phone begins with the list of tables, which says the same in
 * words: a drawing of forty tables is too small to read there, and a finger on it scrolls no page.
 */
export function DiagramPane(props: SchemaDiagramProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section
      aria-label="Entity diagram"
      className={clsx(
        'flex shrink-0 flex-col border-line border-b bg-canvas lg:h-full lg:min-w-0 lg:flex-1 lg:border-r lg:border-b-0',
        isOpen ? 'h-[75dvh] md:h-[55dvh]' : 'md:h-[55dvh] md:min-h-72',
      )}
    >
      <div className="p-3 md:hidden">
        <Button size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Network className="size-4" aria-hidden />
          {isOpen ? 'Hide the drawing' : 'Show the drawing'}
        </Button>
      </div>
      <div className={clsx('min-h-0 flex-1', !isOpen && 'max-md:hidden')}>
        {/* Drawn anew when it opens: before that it has no size to fit into. */}
        <SchemaDiagram key={`${isOpen}`} {...props} />
      </div>
    </section>
  );
}
