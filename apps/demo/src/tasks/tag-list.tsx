import type { TagOfTask } from '@reference/tasks';

/** A task's tags, each with its colour as a dot: text in any colour would not be readable on any ground. */
export function TagList({ tags }: { tags: readonly TagOfTask[] }) {
  if (tags.length === 0) return null;
  return (
    <ul aria-label="Tags" className="contents">
      {tags.map(({ id, name, color }) => (
        <li
          key={id}
          className="inline-flex h-5 items-center gap-1.5 rounded-full border border-line px-2 text-xs"
        >
          <span aria-hidden className="size-2 rounded-full" style={{ background: color }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
