'use client';

import { Panel, useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DiagramTable } from './diagram.ts';

/** The buttons and the list of tables over a diagram. */
export function DiagramControls({
  tables,
  chosen,
  onShowAll,
  onFind,
}: {
  tables: readonly DiagramTable[];
  chosen: string | undefined;
  onShowAll: () => void;
  onFind: (name: string) => void;
}) {
  const flow = useReactFlow();
  return (
    <>
      <Panel position="top-left">
        <select
          aria-label="Go to a table"
          className="h-9 max-w-48 rounded-md border border-line-strong bg-surface px-2 text-sm"
          value={chosen ?? ''}
          onChange={({ target }) => target.value && onFind(target.value)}
        >
          <option value="">Go to a table…</option>
          {tables.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </Panel>
      <Panel
        position="bottom-left"
        className="flex overflow-hidden rounded-md border border-line-strong bg-surface"
      >
        <Control label="Zoom out" onClick={() => flow.zoomOut({ duration: 150 })}>
          <Minus size={16} aria-hidden />
        </Control>
        <Control label="Zoom in" onClick={() => flow.zoomIn({ duration: 150 })}>
          <Plus size={16} aria-hidden />
        </Control>
        <Control label="Show all" onClick={onShowAll}>
          <Maximize size={16} aria-hidden />
        </Control>
      </Panel>
    </>
  );
}

function Control({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-9 place-items-center hover:bg-sunken"
    >
      {children}
    </button>
  );
}
