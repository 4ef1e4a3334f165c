'use client';
import { useRouter } from 'next/navigation';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
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
  const send = (form: FormData) =>
    renamePage({ pageId: page.id, revision: page.revision, title: String(form.get('title')) });
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Rename the page">
      <Form
        draft={`title ${page.id}`}
        send={send}
        onSent={async (_, typedSince) => {
          if (!typedSince) onOpenChange(false);
          router.refresh();
          await refresh();
        }}
        className="flex flex-col gap-4"
      >
        <Field label="Title" name="title" defaultValue={page.title} required maxLength={500} />
        <DialogButtons>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <SubmitButton>Rename</SubmitButton>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
