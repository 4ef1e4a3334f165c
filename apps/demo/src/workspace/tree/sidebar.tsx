'use client';
import { ChevronsUpDown, FolderTree, Plus, Search, Trash2, Users } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Drawer } from '@/ui/drawer.tsx';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu.tsx';
import { ErrorState, SkeletonList } from '@/ui/states.tsx';
import { NewPageDialog } from '../new-page-dialog.tsx';
import { PageTree } from './page-tree.tsx';
import { useWorkspace } from './workspace-context.tsx';

/** The column of a drive: which drive, its pages, and what else there is of it. */
function Sidebar({ onOpen }: { readonly onOpen?: () => void }) {
  const { driveId, tree, failed, refresh } = useWorkspace();
  const [adding, setAdding] = useState(false);
  const drive = tree?.drives.find(({ id }) => id === driveId);
  const links = [
    { href: `/search?drive=${driveId}`, name: 'Search', icon: Search },
    { href: `/drives/${driveId}/members`, name: 'Members', icon: Users },
    { href: `/drives/${driveId}/trash`, name: 'Trash', icon: Trash2 },
  ] as const;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex items-center gap-1 p-2">
        <Menu
          align="start"
          trigger={
            <button
              type="button"
              aria-label={`Drive: ${drive?.name ?? 'loading'}. Choose another`}
              className="flex h-8 min-w-0 flex-1 items-center justify-between gap-2 rounded-md px-2 font-semibold hover:bg-sunken"
            >
              <span className="truncate">{drive?.name ?? ' '}</span>
              <ChevronsUpDown className="size-3.5 shrink-0 text-muted" aria-hidden />
            </button>
          }
        >
          {tree?.drives.map(({ id, name }) => (
            <MenuItem key={id} asChild>
              <Link href={`/drives/${id}`} prefetch={false}>
                {name}
              </Link>
            </MenuItem>
          ))}
          <MenuSeparator />
          <MenuItem asChild>
            <Link href="/drives" prefetch={false}>
              All drives
            </Link>
          </MenuItem>
        </Menu>
        <Button look="quiet" size="icon" aria-label="New page" onClick={() => setAdding(true)}>
          <Plus className="size-4" aria-hidden />
        </Button>
      </div>
      <nav aria-label="This drive" className="flex gap-1 px-2 pb-2">
        {links.map(({ href, name, icon: Icon }) => (
          <Link
            key={href}
            href={href}
            prefetch={false}
            {...(onOpen ? { onClick: onOpen } : {})}
            className="flex h-7 flex-1 items-center justify-center gap-1.5 rounded-md border border-line text-sm text-muted hover:bg-sunken hover:text-ink"
          >
            <Icon className="size-3.5" aria-hidden />
            {name}
          </Link>
        ))}
      </nav>
      {failed && (
        <div className="p-2">
          <ErrorState
            title="The pages could not be read"
            action={
              <Button size="sm" onPress={refresh}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      {!tree ? (
        !failed && (
          <div className="p-3">
            <SkeletonList />
          </div>
        )
      ) : tree.roots.length === 0 ? (
        <p className="px-4 py-6 text-sm text-muted">
          No page here that you may see. With the plus above you make one.
        </p>
      ) : (
        <PageTree {...(onOpen ? { onOpen } : {})} />
      )}
      <NewPageDialog open={adding} onOpenChange={setAdding} parentId={null} />
    </div>
  );
}

/** The sidebar as a column, or behind a button where there is no room for one. */
export function WorkspaceSidebar() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <aside
        aria-label="Pages of the drive"
        className="hidden w-68 shrink-0 border-r border-line bg-surface md:block"
      >
        <Sidebar />
      </aside>
      <div className="border-b border-line bg-surface px-2 py-1 md:hidden">
        <Button look="quiet" size="sm" onClick={() => setOpen(true)}>
          <FolderTree className="size-4" aria-hidden />
          Pages
        </Button>
        <Drawer open={open} onOpenChange={setOpen} title="Pages of the drive">
          <Sidebar onOpen={() => setOpen(false)} />
        </Drawer>
      </div>
    </>
  );
}
