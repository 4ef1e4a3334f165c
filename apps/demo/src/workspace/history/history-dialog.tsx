'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog } from '@/ui/dialog.tsx';
import { ReadState, useRead } from '@/ui/read.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { compareVersions, readHistory, restoreVersion } from './actions.ts';

interface HistoryDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly page: { readonly id: string; readonly revision: number };
}
type Answered<A extends (...input: never[]) => Promise<unknown>> =
  Extract<Awaited<ReturnType<A>>, { ok: true }> extends { value: infer V } ? V : never;

/** The versions of a page, the changes since, and a button that restores one. */
export function HistoryDialog({ open, onOpenChange, page }: HistoryDialogProps) {
  const router = useRouter();
  const run = useAction();
  const { say } = useToast();
  const [shown, setShown] = useState<{
    revision: number;
    changes: Answered<typeof compareVersions>;
  }>();
  const readAll = useCallback(() => readHistory({ pageId: page.id }), [page.id]);
  const read = useRead(open ? readAll : undefined);
  const versions = read.value?.items;
  useEffect(() => {
    if (open) setShown(undefined);
  }, [open]);

  const compare = async (revision: number) => {
    const between = { pageId: page.id, from: revision, to: page.revision };
    const read = await run(compareVersions(between));
    if (read) setShown({ revision, changes: read.value });
  };
  const restore = async (version: number) => {
    const done = await run(restoreVersion({ pageId: page.id, version, revision: page.revision }));
    if (!done) return;
    say(`The page is as it was at revision ${version}.`);
    onOpenChange(false);
    router.refresh();
  };

  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title="History"
      description="Only editors see it, because it may hold text that was removed before sharing."
    >
      <ReadState of={read} rows={3} />
      {versions?.length === 0 && <p className="text-sm text-muted">Nothing was changed yet.</p>}
      <ul aria-label="Versions" className="divide-y divide-line">
        {versions?.map(({ revision, title, replacedAt, replacedByName }) => (
          <li key={revision} className="flex flex-col gap-2 py-2.5">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <div className="min-w-0">
                <p className="font-medium break-words">
                  Revision {revision}: {title}
                </p>
                <p className="text-sm text-muted">
                  Changed {replacedByName && `by ${replacedByName} `}
                  <Time at={replacedAt} />
                </p>
              </div>
              <div className="flex gap-2">
                <Button size="sm" onPress={() => compare(revision)}>
                  Compare
                </Button>
                <Button size="sm" onPress={() => restore(revision)}>
                  Restore
                </Button>
              </div>
            </div>
            {shown?.revision === revision && <Changes changes={shown.changes} />}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Changes({ changes }: { readonly changes: Answered<typeof compareVersions> }) {
  if (changes.length === 0) return <p className="text-sm">The text is the same as now.</p>;
  return (
    <section
      aria-label="Changes since this version"
      className="overflow-x-auto rounded-md border border-line font-mono text-xs"
    >
      {changes.map(({ at, removed, added }) => (
        <div key={at} className="border-b border-line p-2 last:border-0">
          <p className="text-muted">Line {at + 1}</p>
          {removed.length > 0 && (
            <del className="block whitespace-pre-wrap text-bad no-underline">
              {marked('- ', removed)}
            </del>
          )}
          {added.length > 0 && (
            <ins className="block whitespace-pre-wrap text-good no-underline">
              {marked('+ ', added)}
            </ins>
          )}
        </div>
      ))}
    </section>
  );
}

const marked = (mark: string, lines: readonly string[]) =>
  lines.map((line) => `${mark}${line.replace(/\n$/, '')}`).join('\n');
