'use client';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Select } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
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
  const page = byId.get(pageId);
  const targets = [...byId.values()].filter(
    ({ id, type }) => (type === 'FOLDER' || type === 'DOCUMENT') && !(page && isWithin(page, id)),
  );
  const send = (form: FormData) =>
    movePageTo({ pageId, parentId: String(form.get('parent')) || null, place: 'last' });
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Move the page">
      <Form
        send={send}
        onSent={async (_, typedSince) => {
          if (!typedSince) onOpenChange(false);
          await refresh();
        }}
        fieldNames={{ parentId: 'parent' }}
        className="flex flex-col gap-4"
      >
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
          <SubmitButton>Move</SubmitButton>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
