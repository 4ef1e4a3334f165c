/** A change that the running release would not survive in one step. */
export type Change =
  | {
      readonly kind: 'rename-column';
      readonly table: string;
      readonly column: string;
      readonly to: string;
    }
  | {
      readonly kind: 'change-type';
      readonly table: string;
      readonly column: string;
      readonly type: string;
    }
  | {
      readonly kind: 'add-required';
      readonly table: string;
      readonly column: string;
      readonly type: string;
      /** SQL for the value of earlier rows and of rows that the running release writes. */
      readonly value: string;
    }
  | {
      readonly kind: 'split-table';
      readonly table: string;
      readonly columns: readonly string[];
      readonly to: string;
    };
