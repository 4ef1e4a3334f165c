/** The person who runs a query, in each database, and their organisation. */
export interface LabPerson {
  readonly userId: string;
  readonly connectorsUserId: string;
  readonly tasksUserId: string;
  readonly tenantId: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A parameter that the reader sets. A choice outside of the list is refused. */
export type LabField<H> =
  | { readonly name: string; readonly kind: 'text'; readonly initial: string }
  | {
      readonly name: string;
      readonly kind: 'number';
      readonly initial: number;
      readonly max: number;
    }
  | {
      readonly name: string;
      readonly kind: 'choice';
      readonly choices: (handle: H, person: LabPerson) => Promise<readonly Choice[]>;
    };

/** The values of a query's fields, checked. */
export interface LabValues {
  text(name: string): string;
  number(name: string): number;
}

/** A public query function of a package, and how to call it. */
export interface LabQuery<H> {
  /** The name of the function, as the package exports it. */
  readonly name: string;
  /** As a reader would write the call. */
  readonly call: string;
  readonly fields: readonly LabField<H>[];
  /** Its changes are taken back after it ran. */
  readonly writes?: true;
  readonly run: (handle: H, person: LabPerson, values: LabValues) => Promise<unknown>;
}

export const limitField = { name: 'limit', kind: 'number', initial: 20, max: 200 } as const;
