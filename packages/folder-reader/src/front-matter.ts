import { parseDocument } from 'yaml';

export interface FrontMatter {
  /** The fields of the block; empty when there is none, or it is not a YAML mapping. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The text below the block; all of it when there is none. */
  readonly body: string;
}

/** Longer blocks are not parsed, because nobody writes them and they take a parser long. */
const maxBlock = 16 * 1024;

/**
 * Splits the YAML block between `---` lines from the top of a text. A block that is invalid YAML,
 * or no mapping, is split off too and gives no fields, so that it never makes a valid file fail.
 */
export function splitFrontMatter(text: string): FrontMatter {
  const block = /^\uFEFF?---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(
    text,
  );
  if (!block) return { fields: {}, body: text };
  return { fields: fieldsOf(block[1] ?? ''), body: text.slice(block[0].length) };
}

function fieldsOf(block: string): Readonly<Record<string, unknown>> {
  if (block.length > maxBlock) return {};
  try {
    // Scalars stay text, because `1.10` and `007` are titles, not numbers.
    const document = parseDocument(block, {
      schema: 'failsafe',
      customTags: ['null'],
      uniqueKeys: false,
      strict: false,
      logLevel: 'silent',
    });
    if (document.errors.length > 0) return {};
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A field as one line of text: a number, a date and a boolean unchanged, white space as single
 * spaces.
 *
 * @returns undefined for a field that is missing, empty, a list or a mapping
 */
export function textField(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value !== 'string') return undefined;
  // `"\0"` and half of a surrogate pair, `"\ud800"`, are valid YAML, but PostgreSQL cannot store
  // them.
  const text = value
    .replaceAll('\0', ' ')
    .replace(/\p{Surrogate}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? undefined : text;
}
