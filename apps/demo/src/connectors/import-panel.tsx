'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Progress } from '@/ui/progress.tsx';
import { useAction } from '@/ui/toast.tsx';
import { importNext } from './actions.ts';
import type { ImportedPage } from './import-page.ts';

/** Imports page by page, and may be stopped and gone on with: the place is in the database. */
export function ImportPanel({ connectorConfigId }: { connectorConfigId: string }) {
  const [sum, setSum] = useState<ImportedPage>();
  const [isRunning, setRunning] = useState(false);
  const isStopped = useRef(false);
  const run = useAction();
  const router = useRouter();

  const start = async () => {
    isStopped.current = false;
    setRunning(true);
    setSum(undefined);
    for (;;) {
      const answer = await run(importNext({ connectorConfigId }));
      if (!answer) break;
      const page = answer.value;
      setSum((before) => ({
        ...page,
        inserted: page.inserted + (before?.inserted ?? 0),
        updated: page.updated + (before?.updated ?? 0),
        unchanged: page.unchanged + (before?.unchanged ?? 0),
        empty: page.empty + (before?.empty ?? 0),
        skipped: page.skipped + (before?.skipped ?? 0),
      }));
      if (page.status !== 'more' || isStopped.current) break;
    }
    setRunning(false);
    router.refresh();
  };

  return (
    <section
      aria-label="Import"
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-72 text-sm">
          Webhook deliveries and API answers that Octokit’s packages carry, as GitHub sent them.
          Imported again, they add no row.
        </p>
        {isRunning ? (
          <Button
            onClick={() => {
              isStopped.current = true;
            }}
          >
            Stop after this page
          </Button>
        ) : (
          <Button look="primary" onClick={() => void start()}>
            Import
          </Button>
        )}
      </div>
      <Progress label="Documents imported" value={sum?.read ?? 0} max={sum?.total ?? 1} />
      <p role="status" className="min-h-5 text-muted text-sm tabular-nums">
        {sum && describe(sum)}
      </p>
    </section>
  );
}

function describe(sum: ImportedPage): string {
  const { status, read, total, inserted, updated, unchanged, empty, skipped } = sum;
  if (status === 'busy') return 'Another import of this connection is at work.';
  const counted = (count: number, of: string) => `${count} ${count === 1 ? of : `${of}s`}`;
  const left = [
    `${counted(empty, 'document')} held nothing that is stored`,
    ...(skipped > 0 ? [`${counted(skipped, 'part')} did not fit`] : []),
  ];
  return `${read} of ${total} documents; ${left.join(', ')}: ${counted(inserted, 'row')} inserted, ${updated} updated, ${unchanged} unchanged${status === 'done' ? '. Done.' : ''}`;
}
