'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { useAction } from '@/ui/toast.tsx';
import { renamePage } from './pages.ts';
import { useWorkspace } from './tree/workspace-context.tsx';

interface RenameDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly page: { readonly id: string; readonly title: string; readonly revision: number };
}

export function RenameDialog({ open, onOpenChange, page }: RenameDialogProps) {
  const { refresh } = useWorkspace();
  const router = useRouter();
  const run = useAction();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = String(new FormData(event.currentTarget).get('title'));
    setBusy(true);
    const done = await run(renamePage({ pageId: page.id, revision: page.revision, title }));
    setBusy(false);
    if (!done) return;
    onOpenChange(false);
    router.refresh();
    await refresh();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Rename the page">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Title" name="title" defaultValue={page.title} required maxLength={500} />
        <DialogButtons>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Rename
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
