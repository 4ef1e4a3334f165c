import { Fragment } from 'react';

/** A text from the source or the audit on the screen: what stands between backticks is code. */
export function DocText({ children }: { readonly children: string }) {
  return children.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 0 ? (
      <Fragment key={index}>{part}</Fragment>
    ) : (
      <code key={index} className="rounded bg-sunken px-1 font-mono text-[0.92em]">
        {part}
      </code>
    ),
  );
}

const tags: Readonly<Record<string, string>> = { returns: 'Returns', throws: 'Throws' };

/** Lines that a comment breaks for its width flow; `@returns` and its like are said in words. */
export const commentInWords = (comment: string) =>
  comment
    .replaceAll(/(?<!\n)\n(?![\n@-])/g, ' ')
    .replaceAll(/@param\s+(?:\w+\.)?(\w+)\s+/g, 'Takes `$1`: ')
    .replaceAll(/@(returns|throws)\s+/g, (_, tag: string) => `${tags[tag]} `);
