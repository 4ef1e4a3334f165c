'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Select } from '@/ui/field.tsx';
import { useAction } from '@/ui/toast.tsx';
import { movePageTo } from './pages.ts';
import { isWithin } from './tree/visible-rows.ts';
import { useWorkspace } from './tree/workspace-context.tsx';

interface MoveDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly pageId: string;
}

/** Moving without a mouse: under which page. */
export function MoveDialog({ open, onOpenChange, pageId }: MoveDialogProps) {
  const { byId, refresh } = useWorkspace();
  const run = useAction();
  const [busy, setBusy] = useState(false);
  const page = byId.get(pageId);
  const targets = [...byId.values()].filter(
    ({ id, type }) => (type === 'FOLDER' || type === 'DOCUMENT') && !(page && isWithin(page, id)),
  );
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const parentId = String(new FormData(event.currentTarget).get('parent')) || null;
    setBusy(true);
    const done = await run(movePageTo({ pageId, parentId, place: 'last' }));
    setBusy(false);
    if (!done) return;
    onOpenChange(false);
    await refresh();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Move the page">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Select label="Under" name="parent" defaultValue={page?.parentId ?? ''}>
          <option value="">The top of the drive</option>
          {targets.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </Select>
        <DialogButtons>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Move
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
