import { type TagRecord, taskStatus } from '@reference/tasks';
import { clsx } from 'clsx';
import Form from 'next/form';
import Link from 'next/link';
import { Button } from '@/ui/button.tsx';
import { Select } from '@/ui/field.tsx';
import { KeptField } from '@/ui/kept-field.tsx';
import type { TaskFilter } from './task-filter.ts';

/** Status, tag and words: all in the address, so that a filtered list can be kept. */
export function TaskFilters({ filter, tags }: { filter: TaskFilter; tags: readonly TagRecord[] }) {
  const linkTo = (status: string | undefined) => {
    const query = new URLSearchParams();
    if (status) query.set('status', status);
    if (filter.tagId) query.set('tagId', filter.tagId);
    if (filter.text) query.set('text', filter.text);
    return `/tasks?${query}`;
  };
  return (
    <div className="flex flex-col gap-3">
      <nav aria-label="Status" className="flex flex-wrap gap-1">
        {[undefined, ...taskStatus.enumValues].map((status) => (
          <Link
            key={status ?? 'all'}
            href={linkTo(status)}
            aria-current={status === filter.status ? 'page' : undefined}
            className={clsx(
              'shrink-0 rounded-full px-3 py-1 text-sm',
              status === filter.status
                ? 'bg-accent-soft font-medium text-accent'
                : 'text-muted hover:bg-sunken hover:text-ink',
            )}
          >
            {status ?? 'all'}
          </Link>
        ))}
      </nav>
      <Form action="/tasks" className="flex flex-wrap items-end gap-2">
        {filter.status && <input type="hidden" name="status" value={filter.status} />}
        <div className="min-w-40 flex-1">
          <KeptField
            label="Words of the title or the prompt"
            hideLabel
            name="text"
            type="search"
            maxLength={500}
            placeholder="Words, “a phrase”, -without"
            value={filter.text ?? ''}
          />
        </div>
        <Select
          key={filter.tagId}
          label="Tag"
          hideLabel
          name="tagId"
          defaultValue={filter.tagId ?? ''}
        >
          <option value="">any tag</option>
          {tags.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
        <Button type="submit">Search</Button>
      </Form>
    </div>
  );
}
