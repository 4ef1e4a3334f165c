import type { ReactNode } from 'react';
import { SheetView } from '../sheet-view.tsx';
import { Markdown } from './markdown.tsx';

/** How a type of page is written and shown. */
export interface Written {
  readonly label: string;
  readonly empty: string;
  readonly shown: (content: string) => ReactNode;
}
export type WrittenType = 'DOCUMENT' | 'SHEET' | 'CANVAS';

/** A drawing is never wider than the page it is on. */
const fitting = '<!doctype html><style>svg,img{max-width:100%;height:auto}</style>';

/** The types of page whose content is a text that a person writes. */
export const written = {
  DOCUMENT: {
    label: 'Text, in Markdown',
    empty: 'An empty document',
    shown: (content) => <Markdown source={content} />,
  },
  SHEET: {
    label: 'Lines, with commas between the cells',
    empty: 'An empty sheet',
    shown: (content) => <SheetView content={content} />,
  },
  CANVAS: {
    label: 'HTML or SVG, without scripts',
    empty: 'An empty canvas',
    // No script and no origin of its own: what somebody drew can't act as who looks at it.
    shown: (content) => (
      <iframe
        title="Canvas"
        sandbox=""
        srcDoc={`${fitting}${content}`}
        className="h-96 w-full rounded-lg border border-line bg-white"
      />
    ),
  },
} as const satisfies Record<WrittenType, Written>;

export const isWritten = (type: string): type is WrittenType => type in written;
