import { countTokens, decode, encode } from 'gpt-tokenizer/encoding/cl100k_base';

/** A passage of a text. */
export interface Passage {
  readonly content: string;
  readonly tokenCount: number;
  /** The headings above it, outermost first, joined by " > "; '' above the first heading. */
  readonly heading: string;
}

export interface SplitOptions {
  /** The most tokens (cl100k_base) of a passage; default 400. */
  readonly maxTokens?: number | undefined;
  /** The most tokens that a passage repeats from the end of the one before; default 50. */
  readonly overlapTokens?: number | undefined;
}

/** The token allowance for the empty line between two blocks. */
const seamTokens = 2;

type Block = { readonly text: string; readonly tokens: number };

// Text that looks like a model's control token, such as <|endoftext|>, counts as text.
const asText = { disallowedSpecial: new Set<string>() };

/**
 * Splits Markdown, or plain text, into passages: at headings first, then between blocks (paragraphs,
 * lists, tables, fenced code), and inside a block only when it alone is over the budget. A passage
 * never crosses a heading; inside a section it repeats the end of the one before.
 *
 * It yields one passage at a time, so beyond the text itself it holds only one section in memory.
 */
export function* splitMarkdown(
  text: string,
  { maxTokens = 400, overlapTokens = 50 }: SplitOptions = {},
): Generator<Passage> {
  for (const section of sections(text)) {
    yield* pack(section.blocks, maxTokens, overlapTokens, section.heading);
  }
}

type Section = { heading: string; blocks: string[] };

function* sections(text: string): Generator<Section> {
  const path: string[] = [];
  let section: Section = { heading: '', blocks: [] };
  let block: string[] = [];
  let fence: string | undefined;
  const endBlock = () => {
    const content = block.join('\n').trim();
    if (content) section.blocks.push(content);
    block = [];
  };
  for (const line of lines(text)) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence) {
      block.push(line);
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
      continue;
    }
    const heading = /^(#{1,6})\s+(.+?)\s*#*\s*$/.exec(line);
    if (heading?.[1] && heading[2]) {
      endBlock();
      if (section.blocks.length > 0) yield section;
      path.length = Math.min(path.length, heading[1].length - 1);
      path.push(plain(heading[2]));
      section = { heading: path.filter(Boolean).join(' > '), blocks: [] };
    } else if (line.trim() === '') {
      endBlock();
    } else {
      block.push(line);
      fence = mark;
    }
  }
  endBlock();
  if (section.blocks.length > 0) yield section;
}

/** Yields the lines one by one, without an array of all. */
function* lines(text: string): Generator<string> {
  let start = 0;
  while (start <= text.length) {
    const end = text.indexOf('\n', start);
    if (end === -1) {
      yield text.slice(start);
      return;
    }
    yield text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
    start = end + 1;
  }
}

/** A heading without its links and emphasis. */
const plain = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*_]/g, '')
    .trim();

function* pack(
  texts: readonly string[],
  maxTokens: number,
  overlapTokens: number,
  heading: string,
): Generator<Passage> {
  let held: Block[] = [];
  let total = 0;
  // True if `held` has more than the overlap.
  let fresh = false;
  for (const block of fittingBlocks(texts, maxTokens)) {
    if (fresh && total + seamTokens + block.tokens > maxTokens) {
      yield passage(held, heading);
      held = overlap(held, Math.min(overlapTokens, maxTokens - seamTokens - block.tokens));
      total = sum(held);
      fresh = false;
    }
    total += block.tokens + (held.length > 0 ? seamTokens : 0);
    held.push(block);
    fresh = true;
  }
  if (fresh) yield passage(held, heading);
}

function* fittingBlocks(texts: readonly string[], maxTokens: number): Generator<Block> {
  for (const text of texts) {
    // Counting a long block whole would take long; `pieces` reads only as much as it needs.
    if (text.length <= maxTokens * 20) {
      const tokens = countTokens(text, asText);
      if (tokens <= maxTokens) {
        yield { text, tokens };
        continue;
      }
    }
    yield* pieces(text, maxTokens);
  }
}

/**
 * Cuts a block that is too long, after a line, else after a sentence, else after a word, else
 * anywhere.
 */
function* pieces(text: string, maxTokens: number): Generator<Block> {
  let rest = text;
  while (rest) {
    const window = rest.slice(0, maxTokens * 20);
    const tokens = encode(window, asText);
    if (tokens.length <= maxTokens && window.length === rest.length) {
      yield { text: rest, tokens: tokens.length };
      return;
    }
    const fits = wellFormedStart(decode(tokens.slice(0, maxTokens)), window);
    const cut = lastBreak(fits);
    const piece = fits.slice(0, cut).trim();
    if (piece) yield { text: piece, tokens: countTokens(piece, asText) };
    rest = rest.slice(cut);
  }
}

/**
 * The common start of both, because a token boundary may lie inside a character, which decodes as
 * U+FFFD.
 */
function wellFormedStart(decoded: string, source: string): string {
  let end = Math.min(decoded.length, source.length);
  while (end > 1 && !source.startsWith(decoded.slice(0, end))) end -= 1;
  const code = source.charCodeAt(end - 1);
  const cutsPair = code >= 0xd800 && code <= 0xdbff && end > 1;
  return source.slice(0, cutsPair ? end - 1 : Math.max(end, 1));
}

function lastBreak(text: string): number {
  const late = text.length / 2;
  const line = text.lastIndexOf('\n') + 1;
  if (line > late) return line;
  const sentence = Math.max(text.lastIndexOf('. '), text.lastIndexOf('? ')) + 2;
  if (sentence > late) return sentence;
  const word = text.lastIndexOf(' ') + 1;
  return word > late ? word : text.length;
}

/** The last blocks within the budget. */
function overlap(blocks: readonly Block[], budget: number): Block[] {
  let from = blocks.length;
  let left = budget;
  while (from > 0) {
    left -= (blocks[from - 1]?.tokens ?? 0) + seamTokens;
    if (left < 0) break;
    from -= 1;
  }
  return blocks.slice(from);
}

const sum = (blocks: readonly Block[]) =>
  blocks.reduce((total, { tokens }) => total + tokens + seamTokens, 0);

function passage(blocks: readonly Block[], heading: string): Passage {
  const content = blocks.map(({ text }) => text).join('\n\n');
  return { content, tokenCount: countTokens(content, asText), heading };
}
