'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field, TextArea } from '@/ui/field.tsx';
import { useAction } from '@/ui/toast.tsx';
import { addTask } from './actions.ts';

/** Asks for a piece of work. */
export function NewTask() {
  const [isOpen, setOpen] = useState(false);
  const [isPending, start] = useTransition();
  const run = useAction();
  const router = useRouter();
  const submit = (form: FormData) =>
    start(async () => {
      const title = String(form.get('title') ?? '').trim();
      const task = { prompt: form.get('prompt'), ...(title ? { title } : {}) };
      const added = await run(addTask(task));
      if (!added) return;
      setOpen(false);
      router.push(`/tasks/${added.value.id}`);
    });
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus size={16} aria-hidden />
        New task
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen} title="New task" wide>
        <form action={submit} className="flex flex-col gap-4">
          <TextArea
            label="What is to be done"
            name="prompt"
            rows={5}
            required
            maxLength={10_000}
            hint="Counts as one of your messages of the day."
          />
          <Field label="Title (optional)" name="title" maxLength={200} />
          <DialogButtons>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" look="primary" busy={isPending}>
              Create
            </Button>
          </DialogButtons>
        </form>
      </Dialog>
    </>
  );
}
