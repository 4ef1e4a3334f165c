import type { Column, Table } from '../model/model.ts';
import { wordsOf } from './words.ts';

const WORDS = new Set(['trashed', 'deleted', 'removed']);

export interface SoftDelete {
  readonly flag?: Column | undefined;
  readonly time?: Column | undefined;
}

/** The columns in which a table marks soft-deleted rows. */
export const softDeleteOf = (table: Table): SoftDelete => {
  const marked = table.columns.filter(({ name }) => {
    const words = wordsOf(name).filter((word) => word !== 'is' && word !== 'at' && word !== 'on');
    return words.length === 1 && words.every((word) => WORDS.has(word));
  });
  return {
    flag: marked.find(({ baseType }) => baseType === 'boolean'),
    time: marked.find(({ baseType }) => /^(timestamp|date)/.test(baseType)),
  };
};
