import { splitFrontMatter, textField } from '@reference/folder-reader';
import MarkdownIt from 'markdown-it';

/** The fields that an import reads from a document besides its text. */
export interface DocumentOutline {
  /** The text of the first heading, or the title of the front matter; undefined without either. */
  readonly title: string | undefined;
  /** Where its links and images point, as written, each once. */
  readonly targets: readonly string[];
}

const parser = new MarkdownIt('commonmark').enable('table');

/** Reads the outline of a Markdown text. Front matter (YAML between `---` lines) is no heading. */
export function outlineOf(markdown: string): DocumentOutline {
  const { fields, body } = splitFrontMatter(markdown);
  const tokens = parser.parse(body, {});
  const headingAt = tokens.findIndex(
    ({ type }, index) => type === 'heading_open' && textOf(tokens[index + 1]) !== '',
  );
  const heading = headingAt < 0 ? undefined : textOf(tokens[headingAt + 1]);
  const targets = new Set<string>();
  for (const { children } of tokens) {
    for (const token of children ?? []) {
      const target = token.type === 'link_open' ? token.attrGet('href') : token.attrGet('src');
      if (target) targets.add(String(target));
    }
  }
  return { title: heading ?? textField(fields, 'title'), targets: [...targets] };
}

type Token = ReturnType<typeof parser.parse>[number];

function textOf(inline: Token | undefined): string {
  const parts = (inline?.children ?? []).map(({ type, content }) =>
    type === 'softbreak' || type === 'hardbreak' ? ' ' : type === 'html_inline' ? '' : content,
  );
  return parts.join('').replace(/\s+/g, ' ').trim();
}
