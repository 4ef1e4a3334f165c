/** A piece of a highlight: `match` when it is one of the words searched for. */
export interface Segment {
  readonly text: string;
  readonly match: boolean;
}

/** The marks that `ts_headline` puts around a match: control characters, which no document's text needs. */
export const matchStart = '\u0002';
export const matchEnd = '\u0003';

/** Takes a marked text apart, so that a caller can escape the text and mark the matches as it likes. */
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
