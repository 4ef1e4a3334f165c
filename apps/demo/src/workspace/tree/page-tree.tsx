'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useParams, useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { PageIcon } from '../page-icon.tsx';
import { type Drop, dropAt, targetOf } from './drop.ts';
import { useMoves } from './use-moves.ts';
import { type Direction, isWithin, visibleRows } from './visible-rows.ts';
import { useWorkspace } from './workspace-context.tsx';

const rowHeight = 30;
const directions: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowRight: 'in',
  ArrowLeft: 'out',
};

/**
 * The pages of a drive. Only the lines in view exist in the document, so five thousand scroll like
 * fifty. Arrow keys walk, Enter opens; the space bar picks a page up, so that arrows move it and
 * Escape puts it back (Alt with an arrow moves it at once); a page can be dragged too.
 */
export function PageTree({ onOpen }: { readonly onOpen?: () => void }) {
  const { driveId, tree, byId, unread } = useWorkspace();
  const { pageId } = useParams<{ pageId?: string }>();
  const router = useRouter();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = useState<string>();
  const [dragged, setDragged] = useState<string>();
  const [drop, setDrop] = useState<Drop>();
  const roots = tree?.roots ?? [];
  const rows = useMemo(() => visibleRows(roots, open), [roots, open]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });

  useEffect(() => {
    if (!pageId) return;
    setActiveId(pageId);
    const above: string[] = [];
    for (let at = byId.get(pageId); at?.parentId; at = byId.get(at.parentId))
      above.push(at.parentId);
    if (above.length > 0) setOpen((present) => new Set([...present, ...above]));
  }, [pageId, byId]);

  const activeIndex = Math.max(
    0,
    rows.findIndex(({ node }) => node.id === activeId),
  );
  const active = rows[activeIndex];

  const toggle = (id: string, to: boolean) =>
    setOpen((present) => {
      const next = new Set(present);
      if (to) next.add(id);
      else next.delete(id);
      return next;
    });
  const moves = useMoves((parentId) => toggle(parentId, true));
  const { heldId } = moves;
  const go = (id: string) => {
    setActiveId(id);
    router.push(`/drives/${driveId}/pages/${id}`);
    onOpen?.();
  };
  const walk = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    setActiveId(row.node.id);
    virtual.scrollToIndex(rows.indexOf(row));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!active) return;
    const { node, parent } = active;
    const direction = directions[event.key];
    if (direction && (event.altKey || heldId === node.id)) {
      moves.step(node.id, direction);
    } else if (heldId && (event.key === ' ' || event.key === 'Enter')) moves.putDown();
    else if (heldId && event.key === 'Escape') moves.putBack();
    else if (event.key === 'ArrowDown') walk(activeIndex + 1);
    else if (event.key === 'ArrowUp') walk(activeIndex - 1);
    else if (event.key === 'Home') walk(0);
    else if (event.key === 'End') walk(rows.length - 1);
    else if (event.key === 'ArrowRight' && node.children.length > 0) {
      if (open.has(node.id)) walk(activeIndex + 1);
      else toggle(node.id, true);
    } else if (event.key === 'ArrowLeft') {
      if (open.has(node.id)) toggle(node.id, false);
      else if (parent) walk(rows.findIndex((row) => row.node === parent));
    } else if (event.key === 'Enter') go(node.id);
    else if (event.key === ' ') moves.pickUp(active);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <p id="tree-keys" className="sr-only">
        Enter opens a page. Space picks it up, the arrow keys move it, space puts it down, and
        Escape puts it back.
      </p>
      <p aria-live="assertive" className="sr-only">
        {moves.said}
      </p>
      <div
        role="tree"
        aria-label="Pages"
        tabIndex={0}
        aria-activedescendant={active ? `page-${active.node.id}` : undefined}
        onKeyDown={onKeyDown}
        onBlur={moves.putDown}
        aria-describedby="tree-keys"
        className="group relative rounded-md"
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          const { node, depth, siblings, index: position } = row;
          const expandable = node.children.length > 0;
          const current = node.id === pageId;
          const over = drop?.id === node.id ? drop.part : undefined;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys
            <div
              key={node.id}
              id={`page-${node.id}`}
              role="treeitem"
              tabIndex={-1}
              aria-level={depth + 1}
              aria-posinset={position + 1}
              aria-setsize={siblings.length}
              aria-expanded={expandable ? open.has(node.id) : undefined}
              aria-selected={current}
              draggable
              onClick={() => go(node.id)}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', node.title);
                setDragged(node.id);
              }}
              onDragEnd={() => {
                setDragged(undefined);
                setDrop(undefined);
              }}
              onDragOver={(event) => {
                const from = dragged && byId.get(dragged);
                if (!from || isWithin(from, node.id)) return;
                event.preventDefault();
                setDrop(dropAt(event, node.id));
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged && drop) moves.to(targetOf(dragged, drop, row));
                setDrop(undefined);
              }}
              className={clsx(
                'absolute inset-x-0 flex cursor-pointer items-center gap-1.5 rounded-md pr-2 text-sm select-none',
                current ? 'bg-accent-soft font-medium text-accent' : 'hover:bg-sunken',
                node === active?.node &&
                  'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-accent',
                over === 'before' && 'shadow-[inset_0_2px_var(--accent)]',
                over === 'after' && 'shadow-[inset_0_-2px_var(--accent)]',
                over === 'into' && 'shadow-[inset_0_0_0_2px_var(--accent)]',
                dragged === node.id && 'opacity-50',
                heldId === node.id && 'shadow-[inset_0_0_0_2px_var(--accent)]',
              )}
              style={{ top: start, height: rowHeight, paddingLeft: depth * 16 + 2 }}
            >
              {/* biome-ignore lint/a11y/noStaticElementInteractions: for the mouse; keys have the arrows */}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys do the same */}
              <span
                className="grid size-5 shrink-0 place-items-center text-muted"
                onClick={(event) => {
                  if (!expandable) return;
                  event.stopPropagation();
                  toggle(node.id, !open.has(node.id));
                }}
              >
                {expandable && (
                  <ChevronRight
                    aria-hidden
                    className={clsx('size-3.5', open.has(node.id) && 'rotate-90')}
                  />
                )}
              </span>
              <PageIcon type={node.type} className={clsx('size-4', !current && 'text-muted')} />
              <span className="truncate">{node.title}</span>
              {(unread.get(node.id) ?? 0) > 0 && (
                <span
                  role="img"
                  aria-label={`${unread.get(node.id)} unread`}
                  className="ml-auto rounded-full bg-accent px-1.5 text-xs font-medium text-accent-ink tabular-nums"
                >
                  {unread.get(node.id)}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
