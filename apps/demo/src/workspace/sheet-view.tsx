import { EmptyState } from '@/ui/states.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';

const mostRows = 1000;

/** A sheet's comma-separated lines as a table; read only. Commas inside quotes stay. */
export function SheetView({ content }: { readonly content: string }) {
  const [head, ...rows] = content.split(/\r?\n/).filter(Boolean).slice(0, mostRows).map(cells);
  if (!head) return <EmptyState title="An empty sheet" />;
  return (
    <Table
      label="Sheet"
      isCards={false}
      head={head.map((name, column) => <Th key={`${column} ${name}`}>{name}</Th>)}
    >
      {rows.map((row, index) => (
        <tr key={`${index} ${row.join()}`}>
          {head.map((name, column) => (
            <Td key={`${column} ${name}`}>{row[column]}</Td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

const cells = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
