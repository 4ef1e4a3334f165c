'use client';
import { useRef, useState } from 'react';
import { useAction } from '@/ui/toast.tsx';
import { type MoveTarget, movePageTo } from '../pages.ts';
import { type Direction, everyRow, moveBy, placeOf, type Row } from './visible-rows.ts';
import { useWorkspace } from './workspace-context.tsx';

/** A page that the space bar picked up, and where it was then. */
interface Held {
  readonly id: string;
  readonly from: MoveTarget;
}

const whereIs = ({ node, parent, siblings, index }: Row) =>
  `${node.title} is ${index + 1} of ${siblings.length} ${parent ? `in ${parent.title}` : 'at the top of the drive'}.`;

/**
 * Moves pages one after the other: each move begins where the one before it ended, however fast the
 * keys are and however slow the server.
 *
 * @param onMoved called with the page under which the moved one is now
 */
export function useMoves(onMoved: (parentId: string) => void) {
  const { tree, refresh } = useWorkspace();
  const run = useAction();
  const [held, setHeld] = useState<Held>();
  const [said, setSaid] = useState('');
  const queue = useRef(Promise.resolve());
  const latest = useRef(tree);
  latest.current = tree;

  const move = (pageId: string, targetAmong: (rows: readonly Row[]) => MoveTarget | undefined) => {
    const moveNow = async () => {
      const to = targetAmong(everyRow(latest.current?.roots ?? []));
      if (!to) return setSaid('It cannot be moved there.');
      if (!(await run(movePageTo(to)))) return setSaid('It was not moved.');
      if (to.parentId) onMoved(to.parentId);
      latest.current = (await refresh()) ?? latest.current;
      const row = everyRow(latest.current?.roots ?? []).find(({ node }) => node.id === pageId);
      if (row) setSaid(whereIs(row));
    };
    queue.current = queue.current.then(moveNow);
  };

  return {
    /** The page that is picked up. */
    heldId: held?.id,
    /** For screen readers: what the last key did. */
    said,
    pickUp(row: Row) {
      setHeld({ id: row.node.id, from: placeOf(row) });
      setSaid(
        `${row.node.title} is picked up. Arrow keys move it, space puts it down, Escape puts it back.`,
      );
    },
    putDown() {
      if (held) setSaid('It is put down.');
      setHeld(undefined);
    },
    /** To where it was when it was picked up. */
    putBack() {
      if (!held) return;
      const { id, from } = held;
      setHeld(undefined);
      move(id, (rows) => {
        const row = rows.find(({ node }) => node.id === id);
        const isThere = row && JSON.stringify(placeOf(row)) === JSON.stringify(from);
        return isThere ? undefined : from;
      });
    },
    step(pageId: string, direction: Direction) {
      move(pageId, (rows) => {
        const row = rows.find(({ node }) => node.id === pageId);
        return row && moveBy(row, direction, (id) => rows.find(({ node }) => node.id === id));
      });
    },
    to(target: MoveTarget) {
      move(target.pageId, () => target);
    },
  };
}
