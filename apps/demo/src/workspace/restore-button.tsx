'use client';
import { Button } from '@/ui/button.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { restoreFromTrash } from './pages.ts';
import { useWorkspace } from './tree/workspace-context.tsx';

export function RestoreButton({
  pageId,
  title,
}: {
  readonly pageId: string;
  readonly title: string;
}) {
  const { refresh } = useWorkspace();
  const run = useAction();
  const { say } = useToast();
  const restore = async () => {
    if (!(await run(restoreFromTrash({ pageId })))) return;
    say(`${title} is back.`);
    await refresh();
  };
  return (
    <Button size="sm" aria-label={`Restore ${title}`} onPress={restore}>
      Restore
    </Button>
  );
}
