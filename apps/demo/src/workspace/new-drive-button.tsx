'use client';
import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { addDrive } from './pages.ts';

export function NewDriveButton() {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus className="size-4" aria-hidden />
        New drive
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="New drive">
        <Form
          draft="new drive"
          send={(form) => addDrive({ name: String(form.get('name')) })}
          onSent={({ id }, typedSince) => {
            if (!typedSince) router.push(`/drives/${id}`);
          }}
          className="flex flex-col gap-4"
        >
          <Field label="Name" name="name" required maxLength={200} autoComplete="off" />
          <DialogButtons>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <SubmitButton>Make the drive</SubmitButton>
          </DialogButtons>
        </Form>
      </Dialog>
    </>
  );
}
