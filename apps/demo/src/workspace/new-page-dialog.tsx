'use client';
import type { PageType } from '@pagespace/db';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field, Select } from '@/ui/field.tsx';
import { useAction } from '@/ui/toast.tsx';
import { pageTypeNames } from './page-icon.tsx';
import { addPage } from './pages.ts';
import { useWorkspace } from './tree/workspace-context.tsx';

interface NewPageDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Null for the top of the drive. */
  readonly parentId: string | null;
}

const isPageType = (value: unknown): value is PageType =>
  typeof value === 'string' && value in pageTypeNames;

export function NewPageDialog({ open, onOpenChange, parentId }: NewPageDialogProps) {
  const { driveId, refresh } = useWorkspace();
  const router = useRouter();
  const run = useAction();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const type = form.get('type');
    if (!isPageType(type)) return;
    setBusy(true);
    const added = await run(addPage({ driveId, parentId, title: String(form.get('title')), type }));
    setBusy(false);
    if (!added) return;
    onOpenChange(false);
    await refresh();
    router.push(`/drives/${driveId}/pages/${added.value.id}`);
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New page">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Title" name="title" required maxLength={500} autoComplete="off" />
        <Select label="Type" name="type" defaultValue="DOCUMENT">
          {Object.entries(pageTypeNames).map(([type, name]) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </Select>
        <DialogButtons>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Make the page
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
