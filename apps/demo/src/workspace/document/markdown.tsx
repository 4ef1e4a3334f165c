import type { ComponentProps } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

/**
 * Markdown as a page. HTML in it is shown as text, and addresses other than http, https and mailto
 * are dropped: that is react-markdown's way, and a test tries to get a script through.
 */
export function Markdown({ source }: { readonly source: string }) {
  return (
    <div className="markdown min-w-0 break-words">
      {/* A page has its title as the first heading, so those of the text begin one below. */}
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        components={{ h1: 'h2', h2: 'h3', h3: 'h4', h4: 'h5', h5: 'h6', input: TaskBox }}
      >
        {source}
      </ReactMarkdown>
    </div>
  );
}

/** The box of a line of a task list; nobody can tick it here. */
function TaskBox({ checked }: ComponentProps<'input'>) {
  return (
    <input
      type="checkbox"
      checked={checked}
      disabled
      readOnly
      aria-label={checked ? 'done' : 'to do'}
    />
  );
}
