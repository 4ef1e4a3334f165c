'use client';

import { useMore } from '@/ui/more.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { moreRows } from './actions.ts';
import type { VendorRows } from './vendor-tables.ts';

/** One vendor table of a connection, in the order in which its rows were written. */
export function VendorRowsView({
  connectorConfigId,
  table,
  name,
  columns,
  first,
}: {
  connectorConfigId: string;
  table: number;
  name: string;
  columns: readonly string[];
  first: VendorRows;
}) {
  const { items, end } = useMore(first, (cursor) => moreRows({ connectorConfigId, table, cursor }));
  if (items.length === 0) {
    return (
      <EmptyState title={`No ${name.toLowerCase()} here`}>Nothing was imported yet.</EmptyState>
    );
  }
  return (
    <div>
      <Table label={name} head={columns.map((column) => <Th key={column}>{column}</Th>)}>
        {items.map(({ id, cells }) => (
          <tr key={id}>
            {cells.map((cell, index) => (
              <Td key={columns[index]} label={columns[index]} className="max-w-96 truncate">
                {cell === null ? (
                  <span className="text-muted">–</span>
                ) : 'at' in cell ? (
                  <Time at={cell.at} />
                ) : (
                  cell.text
                )}
              </Td>
            ))}
          </tr>
        ))}
      </Table>
      {end}
    </div>
  );
}
