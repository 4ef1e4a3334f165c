'use client';

import { Handle, type Node, type NodeProps, Position, useStore } from '@xyflow/react';
import clsx from 'clsx';
import { KeyRound, Layers, ShieldCheck } from 'lucide-react';
import { Fragment } from 'react';
import type { DiagramColumn, DiagramTable } from './diagram.ts';
import { box } from './layout.ts';

export type TableNode = Node<
  {
    readonly table: DiagramTable;
    readonly hue: number;
    /** Something else is chosen, and this has no part in it. */
    readonly faded: boolean;
  },
  'table'
>;

export type FrameNode = Node<{ readonly domain: string; readonly hue: number }, 'frame'>;

/** Below this zoom a column's name is too small to read: the table's name takes the whole box. */
export const readable = 0.45;

export function TableNodeView({ data, selected }: NodeProps<TableNode>) {
  const isFar = useStore(({ transform }) => transform[2] < readable);
  const { table, hue, faded } = data;
  return (
    <div
      title={table.comment}
      className={clsx(
        'h-full overflow-hidden rounded-lg border bg-surface motion-safe:transition-opacity',
        selected ? 'border-accent ring-2 ring-accent' : 'border-line-strong/60',
        faded && 'opacity-65',
      )}
    >
      <Handle type="target" position={Position.Left} className="invisible" isConnectable={false} />
      <Handle type="source" position={Position.Right} className="invisible" isConnectable={false} />
      {isFar ? (
        <FarName table={table} hue={hue} />
      ) : (
        <Columns table={table} hue={hue} faded={faded} />
      )}
    </div>
  );
}

/** The frame around a domain's tables. Its name keeps its size on the screen. */
export function FrameNodeView({ data }: NodeProps<FrameNode>) {
  const zoom = useStore(({ transform }) => transform[2]);
  return (
    <div className="h-full rounded-xl border border-line bg-sunken/50 px-5 py-2">
      <p
        className="origin-top-left font-semibold text-muted leading-tight"
        style={{ fontSize: Math.min(13 / zoom, 44) }}
      >
        {data.domain}
      </p>
    </div>
  );
}

function FarName({ table, hue }: { table: DiagramTable; hue: number }) {
  return (
    <div
      className={`diagram-hue-${hue} flex h-full items-center justify-center border-t-8 px-2 text-center font-semibold text-[38px] leading-tight`}
    >
      <span>
        {table.name.split('_').map((word, index) => (
          <Fragment key={word}>
            {index > 0 && (
              <>
                _<wbr />
              </>
            )}
            {word}
          </Fragment>
        ))}
      </span>
    </div>
  );
}

function Columns({ table, hue, faded }: { table: DiagramTable; hue: number; faded: boolean }) {
  return (
    <>
      <div
        className={`diagram-hue-${hue} flex items-center gap-1.5 border-t-4 bg-sunken px-2.5 font-semibold text-[13px]`}
        style={{ height: box.header }}
      >
        <span className="min-w-0 flex-1 truncate">{table.name}</span>
        {table.partitions > 0 && <Layers size={13} className="text-muted" aria-hidden />}
        {table.rowSecurity !== 'off' && <ShieldCheck size={13} className="text-good" aria-hidden />}
      </div>
      {/* A picture of them: the panel beside the drawing has them in words. */}
      <div aria-hidden className={clsx(faded && 'opacity-40')}>
        {table.columns.map((column) => (
          <Column key={column.name} column={column} />
        ))}
        {table.more > 0 && (
          <div className="px-2.5 text-[11px] text-muted leading-[22px]">
            and {table.more} more {table.more === 1 ? 'column' : 'columns'}
          </div>
        )}
      </div>
    </>
  );
}

function Column({ column }: { column: DiagramColumn }) {
  const { name, type, nullable, key, references } = column;
  return (
    <div
      className="flex items-center gap-1.5 px-2.5 font-mono text-[11px]"
      style={{ height: box.row }}
    >
      {key && <KeyRound size={10} className="shrink-0 text-warn" aria-hidden />}
      <span className={clsx('truncate', key && 'font-semibold', references && 'text-accent')}>
        {name}
      </span>
      <span className="ml-auto max-w-[45%] shrink-0 truncate text-muted">
        {references ? `→ ${references}` : type}
        {nullable && '?'}
      </span>
    </div>
  );
}
