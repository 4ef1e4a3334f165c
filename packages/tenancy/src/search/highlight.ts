/** A piece of a highlight; `match` is true for a searched word. */
export interface Segment {
  readonly text: string;
  readonly match: boolean;
}

/**
 * The marks that `ts_headline` puts around a match: control characters, which documents do not use.
 */
export const matchStart = '\u0002';
export const matchEnd = '\u0003';

/**
 * Splits a marked text, so that a caller can escape the text and mark the matches in its own way.
 */
export function segmentsOf(marked: string): Segment[] {
  const segments: Segment[] = [];
  for (const [index, piece] of marked
    .replaceAll(matchEnd, matchStart)
    .split(matchStart)
    .entries()) {
    if (piece) segments.push({ text: piece, match: index % 2 === 1 });
  }
  return segments;
}
