import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSchema } from '../src/load/schema.ts';
import { NOTHING } from '../src/model/model.ts';
import type { Context, Example, Found, Rule } from '../src/rules/rule.ts';
import { parseSource } from '../src/source/parse.ts';

/** Inside the package, so that an example finds drizzle-orm. */
const folder = fileURLToPath(
  new URL(`../node_modules/.cache/examples-${process.pid}/`, import.meta.url),
);

/** The generations of Drizzle, whose objects differ: where each keeps what the examples import. */
const GENERATIONS = {
  '0.x': { core: 'drizzle-orm', relations: 'drizzle-orm', zod: 'drizzle-zod' },
  '1.0': {
    core: 'drizzle-orm-next',
    relations: 'drizzle-orm-next/_relations',
    zod: 'drizzle-orm-next/zod',
  },
} as const;
export type Generation = keyof typeof GENERATIONS;

const prelude = (generation: Generation): string => {
  const { core, relations, zod } = GENERATIONS[generation];
  return `import { sql, eq, desc, asc, and, gt, inArray, count } from '${core}';
import { relations } from '${relations}';
import * as pg from '${core}/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from '${zod}';
const { bigint, bigserial, boolean, char, check, date, doublePrecision, foreignKey, index, integer, json, jsonb, numeric, pgEnum, pgPolicy, pgRole, pgSchema, pgTable, pgView, primaryKey, real, serial, smallint, text, time, timestamp, unique, uniqueIndex, uuid, varchar, vector } = pg;
`;
};

let number = 0;

/** The rules' input for an example that needs no database. */
const contextOf = async (example: Example, generation: Generation): Promise<Context> => {
  const queries =
    example.queries === undefined ? [] : [parseSource('/example/queries.ts', example.queries)];
  if (example.schema === undefined) return { ...NOTHING, queries, plans: example.plans };
  await mkdir(folder, { recursive: true });
  number += 1;
  const path = join(folder, `example-${number}.ts`);
  await writeFile(path, prelude(generation) + example.schema);
  const { model, sources } = await loadSchema([path], undefined);
  return { model, sources, queries };
};

export const foundIn = async (
  rule: Rule,
  example: Example,
  generation: Generation = '0.x',
): Promise<Found[]> => [...rule.check(await contextOf(example, generation), example.options ?? {})];

export const removeExamples = (): Promise<void> => rm(folder, { recursive: true, force: true });
