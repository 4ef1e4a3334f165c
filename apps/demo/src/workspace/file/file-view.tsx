'use client';
import type { PageDetail } from '@pagespace/db';
import { Download, Upload } from 'lucide-react';
import { type ChangeEvent, useCallback, useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Section } from '@/ui/page.tsx';
import { Progress } from '@/ui/progress.tsx';
import { ReadState, useRead } from '@/ui/read.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { useWorkspace } from '../tree/workspace-context.tsx';
import { readFiles, removeFile, upload } from './actions.ts';
import { mostFileBytes } from './limits.ts';

interface FileViewProps {
  readonly page: Pick<PageDetail, 'id' | 'mimeType' | 'fileSize' | 'originalFileName'>;
  readonly canEdit: boolean;
}

/** In units of 1,000, as the limit and the quota count. */
function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 100) / 10} kB`;
  return `${Math.round(bytes / 100_000) / 10} MB`;
}

/** The files of a page, and how much the reader has stored of what their plan allows. */
export function FileView({ page, canEdit }: FileViewProps) {
  const { driveId } = useWorkspace();
  const run = useAction();
  const { say, warn } = useToast();
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const read = useRead(useCallback(() => readFiles({ pageId: page.id }), [page.id]));
  const { value: files, refresh } = read;

  const add = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (!file) return;
    if (file.size > mostFileBytes) {
      warn(`${file.name} has ${sizeOf(file.size)}. A file may have ${sizeOf(mostFileBytes)}.`);
      target.value = '';
      return;
    }
    const form = new FormData();
    form.set('pageId', page.id);
    // The server stores no name, and one with a line break in it would break the message it is sent in.
    form.set('file', file, 'upload');
    setBusy(true);
    const done = await run(upload(form));
    setBusy(false);
    target.value = '';
    if (!done) return;
    say(`${file.name} is stored.`);
    await refresh();
  };

  return (
    <Section
      title="Files"
      lead="PDF, PNG, JPEG, GIF and plain text, 10 MB each. The content is looked at, not the name."
      actions={
        canEdit && (
          <>
            <input
              ref={picker}
              type="file"
              aria-label="File to upload"
              className="sr-only"
              tabIndex={-1}
              onChange={(event) => void add(event)}
            />
            <Button look="primary" busy={busy} onClick={() => picker.current?.click()}>
              <Upload className="size-4" aria-hidden />
              Upload
            </Button>
          </>
        )
      }
    >
      {page.originalFileName && (
        <p className="text-sm text-muted">
          Imported from {page.originalFileName}, {page.mimeType}
          {page.fileSize !== null && `, ${sizeOf(page.fileSize)}`}.
        </p>
      )}
      <ReadState of={read} />
      {files?.items.length === 0 && <EmptyState title="No file on this page" />}
      {files && files.items.length > 0 && (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {files.items.map(({ id, mimeType, sizeBytes, contentHash, createdAt }) => (
            <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5">
              <div className="min-w-0 flex-1 basis-72">
                <p className="font-medium">
                  {mimeType}, {sizeOf(sizeBytes)}
                </p>
                <p className="truncate font-mono text-xs text-muted">SHA-256 {contentHash}</p>
              </div>
              <span className="text-sm text-muted">
                <Time at={createdAt} />
              </span>
              <Button asChild size="sm">
                <a href={`/drives/${driveId}/pages/${page.id}/file?id=${id}`} download>
                  <Download className="size-3.5" aria-hidden />
                  Download
                </a>
              </Button>
              {canEdit && (
                <ConfirmButton
                  size="sm"
                  look="danger"
                  question="Remove the file from this page?"
                  consequence="Its content is deleted unless it is on another page too."
                  verb="Remove"
                  onConfirm={async () => {
                    if (await run(removeFile({ pageId: page.id, fileId: id }))) await refresh();
                  }}
                >
                  Remove
                </ConfirmButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {files && (
        <div className="flex max-w-sm flex-col gap-1.5">
          <p className="text-sm text-muted">
            You have stored {sizeOf(files.usage.usedBytes)} of {sizeOf(files.usage.allowedBytes)}.
          </p>
          <Progress
            label="Storage used"
            value={files.usage.usedBytes}
            max={files.usage.allowedBytes}
          />
        </div>
      )}
    </Section>
  );
}
