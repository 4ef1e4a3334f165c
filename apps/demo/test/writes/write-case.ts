import type { Person } from '@pagespace/db/seed';
import type { Page } from 'playwright-core';
import type { composers, forms } from '../forms.ts';

export interface WriteCase {
  /** Ada, unless it is somebody else; `nobody` has no session. */
  readonly who?: Person | 'nobody';
  readonly path: string;
  /** Makes what the write needs, for real. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Asks the server. */
  readonly press: (page: Page) => Promise<void>;
  /** Holds when nothing was lost. */
  readonly kept: (page: Page) => Promise<void>;
  /** It is the Undo of a message, which must not be taken away. */
  readonly isUndo?: true;
  /** Does it at last, where what was made would stand in another's way. */
  readonly finish?: (page: Page) => Promise<void>;
}

/** A form or composer that forms.e2e.ts drives in the same ways, while somebody types on. */
export interface Written {
  readonly writtenIn: keyof typeof forms | keyof typeof composers;
}

/** The writes of one area, each under the name of its server action. */
export type WriteCases = Readonly<Record<string, WriteCase | Written>>;
