import { expect, test } from 'vitest';
import { readRelations } from '../src/model/read-relations.ts';
import { readTables } from '../src/model/read-schema.ts';
import * as schema from './fixtures/generation-two.ts';

test('an array of Drizzle 1.0, which is its element’s column, has the type of an array', () => {
  const { tables } = readTables(schema, undefined);
  const column = tables
    .find(({ name }) => name === 'people')
    ?.columns.find(({ key }) => key === 'nickNames');
  expect(column).toMatchObject({ sqlType: 'text[]', baseType: 'text', isArray: true });
});

test('a relation of Drizzle 1.0 has the names of its columns', () => {
  const relations = readRelations(schema, undefined);
  expect(relations).toContainEqual(
    expect.objectContaining({ field: 'chair', columns: ['chair_id'], targetColumns: ['id'] }),
  );
  expect(relations).toContainEqual(
    expect.objectContaining({ field: 'club', columns: ['clubId'], targetColumns: ['chair_id'] }),
  );
});
