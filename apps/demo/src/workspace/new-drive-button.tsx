'use client';
import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { useAction } from '@/ui/toast.tsx';
import { addDrive } from './pages.ts';

export function NewDriveButton() {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const router = useRouter();
  const run = useAction();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    setBusy(true);
    const added = await run(addDrive({ name }));
    setBusy(false);
    if (added) router.push(`/drives/${added.value.id}`);
  };
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus className="size-4" aria-hidden />
        New drive
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="New drive">
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Name" name="name" required maxLength={200} autoComplete="off" />
          <DialogButtons>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" look="primary" busy={busy}>
              Make the drive
            </Button>
          </DialogButtons>
        </form>
      </Dialog>
    </>
  );
}
