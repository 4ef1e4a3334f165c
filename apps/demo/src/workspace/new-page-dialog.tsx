'use client';
import type { PageType } from '@pagespace/db';
import { useRouter } from 'next/navigation';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field, Select } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
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
  const send = (form: FormData) => {
    const type = form.get('type');
    return addPage({
      driveId,
      parentId,
      title: String(form.get('title')),
      type: isPageType(type) ? type : 'DOCUMENT',
    });
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New page">
      <Form
        draft={`new page ${driveId} ${parentId ?? ''}`}
        send={send}
        onSent={async ({ id }, typedSince) => {
          if (!typedSince) onOpenChange(false);
          await refresh();
          if (!typedSince) router.push(`/drives/${driveId}/pages/${id}`);
        }}
        className="flex flex-col gap-4"
      >
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
          <SubmitButton>Make the page</SubmitButton>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
