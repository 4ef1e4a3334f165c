import type { Catalog } from '../catalog/describe.ts';
import { quote } from '../review/ast.ts';

/** Objects whose text names a column of the table, which the plan does not move. */
export const standingOn = (
  catalog: Catalog,
  table: string,
  columns: readonly string[],
): string[] => {
  const words = columns.map(
    (column) => new RegExp(`(^|[^\\w"])${quote(column).replace(/[$]/g, '\\$')}($|[^\\w"])`),
  );
  return catalog
    .filter(({ kind, name, definition }) => {
      const isAbout =
        name.startsWith(`${table}.`) ||
        definition.includes(` ${table} `) ||
        definition.includes(`${table}(`);
      return (
        isAbout &&
        [
          'index',
          'constraint',
          'view',
          'materialized view',
          'policy',
          'trigger',
          'statistics',
        ].includes(kind) &&
        words.some((word) => word.test(definition))
      );
    })
    .map(({ kind, name }) => `${kind} ${name}`);
};
