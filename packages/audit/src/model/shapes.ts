import type { Sources } from '../source/sources.ts';
import type { Model, Shape } from './model.ts';

const SCHEMAS: Record<string, Shape> = {
  Insert: 'insert schema',
  Select: 'select schema',
  Update: 'update schema',
};
const TYPES: Record<string, Shape> = { Select: 'select type', Insert: 'insert type' };

/** The Zod schemas and inferred types that the sources declare for each table. */
export const shapesOf = (model: Model, sources: Sources): Map<string, ReadonlySet<Shape>> => {
  const found = new Map<string, Set<Shape>>();
  const schemas = new Map<string, { readonly table: string; readonly kind: string }>();
  const add = (name: string, shape: Shape | undefined) => {
    if (shape) found.set(name, (found.get(name) ?? new Set()).add(shape));
  };
  for (const { text } of sources.values()) {
    for (const [, constant, kind = '', table = ''] of text.matchAll(
      /(?:const\s+(\w+)\s*=\s*)?create(Insert|Select|Update)Schema\(\s*(\w+)/g,
    )) {
      add(table, SCHEMAS[kind]);
      if (constant !== undefined) schemas.set(constant, { table, kind });
    }
    for (const [, table = '', kind = ''] of text.matchAll(
      /typeof\s+(\w+)\s*\.\s*\$infer(Select|Insert)/g,
    ))
      add(table, TYPES[kind]);
    for (const [, kind = '', table = ''] of text.matchAll(
      /Infer(Select|Insert)Model<\s*typeof\s+(\w+)/g,
    ))
      add(table, TYPES[kind]);
  }
  for (const { text } of sources.values())
    for (const [, constant = ''] of text.matchAll(/\.(?:infer|input|output)<\s*typeof\s+(\w+)/g)) {
      const schema = schemas.get(constant);
      if (schema) add(schema.table, TYPES[schema.kind]);
    }
  return new Map(
    model.tables.map(({ id, key }) => [
      id,
      found.get(key.split('@')[0] ?? key) ?? new Set<Shape>(),
    ]),
  );
};
