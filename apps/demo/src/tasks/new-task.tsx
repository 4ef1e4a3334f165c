'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field, TextArea } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { addTask } from './actions.ts';

/** Asks for a piece of work. */
export function NewTask() {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const send = (form: FormData) => {
    const title = String(form.get('title') ?? '').trim();
    return addTask({ prompt: form.get('prompt'), ...(title ? { title } : {}) });
  };
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus size={16} aria-hidden />
        New task
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen} title="New task" wide>
        <Form
          draft="new task"
          send={send}
          onSent={({ id }, typedSince) => {
            if (typedSince) return;
            setOpen(false);
            router.push(`/tasks/${id}`);
          }}
          className="flex flex-col gap-4"
        >
          <TextArea
            label="Instructions"
            name="prompt"
            rows={5}
            required
            maxLength={10_000}
            hint="The demo’s worker takes it within a second or so, and counts its words. One of your messages of the day."
          />
          <Field label="Title (optional)" name="title" maxLength={200} />
          <DialogButtons>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <SubmitButton>Create</SubmitButton>
          </DialogButtons>
        </Form>
      </Dialog>
    </>
  );
}
