'use client';

import type { Document } from '@reference/tenancy';
import { FileText, Trash2 } from 'lucide-react';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { useMore } from '@/ui/more.tsx';
import { Badge } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { moreDocuments, removeDocument } from './actions.ts';

const tones = {
  ready: 'good',
  failed: 'bad',
  pending: 'neutral',
  processing: 'accent',
} as const satisfies Record<Document['status'], string>;

/** An organisation's documents, newest first. */
export function DocumentList({
  organisation,
  first,
}: {
  organisation: string;
  first: { readonly items: readonly Document[]; readonly nextCursor: string | null };
}) {
  const { items, end } = useMore(first, (after) => moreDocuments({ organisation, after }));
  const run = useAction();
  const { say } = useToast();
  if (items.length === 0) {
    return (
      <EmptyState icon={<FileText aria-hidden />} title="There is no document yet">
        Add a text, and it can be searched as soon as it is embedded.
      </EmptyState>
    );
  }
  const remove = async (documentId: string) => {
    if (await run(removeDocument({ organisation, documentId }))) say('The document is deleted.');
  };
  return (
    <div>
      <Table
        label="Documents"
        head={
          <>
            <Th>Title</Th>
            <Th>State</Th>
            <Th className="text-right">Chunks</Th>
            <Th>Added</Th>
            <Th>
              <span className="sr-only">Delete</span>
            </Th>
          </>
        }
      >
        {items.map(({ id, title, status, error, chunkCount, createdAt }) => (
          <tr key={id}>
            <Td className="min-w-52">
              <span className="font-medium [overflow-wrap:anywhere]">{title}</span>
              {error && <p className="text-bad text-xs">{error}</p>}
            </Td>
            <Td label="State">
              <Badge tone={tones[status]}>{status}</Badge>
            </Td>
            <Td label="Chunks" className="text-right tabular-nums">
              {chunkCount}
            </Td>
            <Td label="Added" className="text-muted">
              <Time at={createdAt} />
            </Td>
            <Td className="text-right">
              <ConfirmButton
                size="icon"
                look="quiet"
                aria-label={`Delete ${title}`}
                question={`Delete “${title}”?`}
                consequence="Its text, its passages and their embeddings are deleted for everyone in the organisation. There is no trash here."
                verb="Delete"
                onConfirm={() => remove(id)}
              >
                <Trash2 size={15} aria-hidden />
              </ConfirmButton>
            </Td>
          </tr>
        ))}
      </Table>
      {end}
    </div>
  );
}
