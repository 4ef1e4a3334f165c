import './code.css';
import type { ReactNode } from 'react';
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { processWide } from '@/server/process-wide.ts';

type Language = 'sql' | 'typescript';

const held = processWide(
  'reference-demo-highlighter',
  (): { highlighter?: Promise<HighlighterCore> } => ({}),
);

function highlighter(): Promise<HighlighterCore> {
  held.highlighter ??= createHighlighterCore({
    themes: [createCssVariablesTheme({ name: 'variables', variablePrefix: '--' })],
    langs: [import('shiki/langs/sql.mjs'), import('shiki/langs/typescript.mjs')],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  return held.highlighter;
}

/** Source text, coloured on the server: the browser gets spans and no highlighter. */
export async function Code({
  code,
  language,
  label,
}: {
  code: string;
  language: Language;
  label: string;
}) {
  const { tokens } = (await highlighter()).codeToTokens(code, {
    lang: language,
    theme: 'variables',
  });
  return (
    <CodeBlock label={label}>
      {tokens.map((line, index) => (
        <span key={index} className="block min-h-[1.25rem]">
          {line.map(({ content, color, offset }) => (
            <span key={offset} className={classOf(color)}>
              {content}
            </span>
          ))}
        </span>
      ))}
    </CodeBlock>
  );
}

/** Text in its own box, which scrolls by itself. */
export function CodeBlock({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={label} className="code">
      <pre>
        <code>{children}</code>
      </pre>
    </section>
  );
}

/** `var(--token-keyword)` as a class: a style attribute on each word would double the page. */
const classOf = (color: string | undefined): string | undefined =>
  /--token-([\w-]+)/.exec(color ?? '')?.[1];
