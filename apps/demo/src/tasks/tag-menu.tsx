'use client';

import type { TagOfTask } from '@reference/tasks';
import { Check, Tags } from 'lucide-react';
import { useState, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { Menu, MenuItem, MenuLabel } from '@/ui/menu.tsx';
import { useAction } from '@/ui/toast.tsx';
import { ownTags, tagTask } from './actions.ts';

/** Puts tags on a task and takes them off. */
export function TagMenu({ taskId, tags }: { taskId: string; tags: readonly TagOfTask[] }) {
  const [choice, setChoice] = useState<readonly TagOfTask[]>();
  const [hasFailed, setFailed] = useState(false);
  const [isPending, start] = useTransition();
  const run = useAction();
  const set = new Set(tags.map(({ id }) => id));
  const toggle = (id: string) =>
    start(async () => {
      await run(tagTask({ taskId, tagId: id, isSet: !set.has(id) }));
    });
  const load = async () => {
    setFailed(false);
    const found = await run(ownTags());
    setFailed(!found);
    if (found) setChoice(found.value.items);
  };
  return (
    <Menu
      align="start"
      onOpen={load}
      trigger={
        <Button busy={isPending}>
          <Tags size={14} aria-hidden />
          Tags
        </Button>
      }
    >
      {choice?.length ? (
        choice.map(({ id, name }) => (
          <MenuItem
            key={id}
            icon={
              <Check
                size={14}
                className={set.has(id) ? '' : 'invisible'}
                aria-label={set.has(id) ? 'set' : 'not set'}
              />
            }
            onSelect={() => toggle(id)}
          >
            {name}
          </MenuItem>
        ))
      ) : (
        <MenuLabel>
          {choice
            ? 'You have no tags yet.'
            : hasFailed
              ? 'Your tags could not be read. Open this again.'
              : 'Loading …'}
        </MenuLabel>
      )}
    </Menu>
  );
}
