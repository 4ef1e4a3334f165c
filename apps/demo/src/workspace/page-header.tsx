'use client';
import type { PageAccess, PageDetail } from '@pagespace/db';
import { Ellipsis, FilePlus2, FolderInput, History, Pencil, Share2, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu.tsx';
import { Badge } from '@/ui/page.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { HistoryDialog } from './history/history-dialog.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { NewPageDialog } from './new-page-dialog.tsx';
import { PageIcon, pageTypeNames } from './page-icon.tsx';
import { movePageToTrash, restoreFromTrash } from './pages.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { ShareDialog } from './sharing/share-dialog.tsx';
import { useWorkspace } from './tree/workspace-context.tsx';

interface PageHeaderProps {
  readonly page: Pick<PageDetail, 'id' | 'title' | 'type' | 'revision' | 'isTrashed'>;
  readonly access: PageAccess;
}
type Opened = 'rename' | 'move' | 'share' | 'add' | 'history';
const icon = 'size-4';

/** Where a page is, what it is called, and what may be done with it. */
export function PageHeader({ page, access }: PageHeaderProps) {
  const { driveId, byId, refresh } = useWorkspace();
  const router = useRouter();
  const run = useAction();
  const { say } = useToast();
  const [opened, setOpened] = useState<Opened>();
  const dialog = (name: Opened) => ({
    open: opened === name,
    onOpenChange: (open: boolean) => setOpened(open ? name : undefined),
  });
  const above = [];
  for (let at = byId.get(page.id); at?.parentId; ) {
    at = byId.get(at.parentId);
    if (at) above.unshift(at);
  }
  const trash = async () => {
    const done = await run(movePageToTrash({ pageId: page.id }));
    if (!done) return;
    say(
      `${done.value.trashed === 1 ? 'The page is' : `${done.value.trashed} pages are`} in the trash.`,
      undo,
    );
    await refresh();
    router.push(`/drives/${driveId}`);
  };
  const undo = async () => {
    if (!(await run(restoreFromTrash({ pageId: page.id })))) return false;
    await refresh();
    router.push(`/drives/${driveId}/pages/${page.id}`);
    return true;
  };
  return (
    <header className="flex flex-wrap items-start justify-between gap-3 border-b border-line px-4 py-4 md:px-8">
      <div className="flex min-w-0 flex-col gap-1">
        <nav
          aria-label="Above this page"
          className="flex min-h-5 flex-wrap gap-1 text-sm text-muted"
        >
          {above.map(({ id, title }) => (
            <span key={id} className="flex gap-1">
              <Link
                href={`/drives/${driveId}/pages/${id}`}
                prefetch={false}
                className="hover:text-ink"
              >
                {title}
              </Link>
              <span aria-hidden>/</span>
            </span>
          ))}
        </nav>
        <h1 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
          <PageIcon type={page.type} className="size-5 text-muted" />
          <span className="min-w-0 break-words">{page.title}</span>
          {page.isTrashed && <Badge tone="warn">in the trash</Badge>}
        </h1>
        <p className="text-sm text-muted">
          {pageTypeNames[page.type]}
          {page.revision > 0 &&
            `, changed ${page.revision === 1 ? 'once' : `${page.revision} times`}`}
          {!access.canEdit && ', read only for you'}
        </p>
      </div>
      <div className="flex gap-1.5">
        {access.canShare && (
          <Button size="sm" onClick={() => setOpened('share')}>
            <Share2 className={icon} aria-hidden />
            Share
          </Button>
        )}
        {access.canEdit && (
          <Menu
            trigger={
              <Button size="sm" aria-label="More for this page">
                <Ellipsis className={icon} aria-hidden />
              </Button>
            }
          >
            <MenuItem icon={<FilePlus2 className={icon} />} onSelect={() => setOpened('add')}>
              New page in it
            </MenuItem>
            <MenuItem icon={<Pencil className={icon} />} onSelect={() => setOpened('rename')}>
              Rename
            </MenuItem>
            <MenuItem icon={<FolderInput className={icon} />} onSelect={() => setOpened('move')}>
              Move
            </MenuItem>
            <MenuItem icon={<History className={icon} />} onSelect={() => setOpened('history')}>
              History
            </MenuItem>
            {access.canDelete && (
              <>
                <MenuSeparator />
                <MenuItem danger icon={<Trash2 className={icon} />} onSelect={() => void trash()}>
                  To the trash
                </MenuItem>
              </>
            )}
          </Menu>
        )}
      </div>
      <NewPageDialog {...dialog('add')} parentId={page.id} />
      <RenameDialog {...dialog('rename')} page={page} />
      <MoveDialog {...dialog('move')} pageId={page.id} />
      <HistoryDialog {...dialog('history')} page={page} />
      <ShareDialog {...dialog('share')} pageId={page.id} driveId={driveId} access={access} />
    </header>
  );
}
