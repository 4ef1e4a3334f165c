import { AuditError, messageOf } from '../errors.ts';
import type { Casing } from '../model/casing.ts';
import { isCallable, isObject } from '../model/entity.ts';
import type { Model } from '../model/model.ts';
import { readRelations } from '../model/read-relations.ts';
import { readTables } from '../model/read-schema.ts';
import { shapesOf } from '../model/shapes.ts';
import { locate } from '../source/locate.ts';
import { readSources, type Sources } from '../source/sources.ts';
import { schemaFiles } from './files.ts';
import { moduleLoader } from './modules.ts';
import { outsideTables } from './outside.ts';

export interface LoadedSchema {
  readonly model: Model;
  readonly sources: Sources;
  /** The parts that could not be read, as sentences. */
  readonly notes: readonly string[];
}

/** True if a value can be read; a lazy client may throw on the first access. */
const isReadable = (value: unknown): boolean => {
  if (!isObject(value) && !isCallable(value)) return true;
  try {
    Reflect.getPrototypeOf(value);
    Reflect.get(value, Symbol.for('drizzle:Name'));
    Reflect.get(value, 'enumName');
    return true;
  } catch {
    return false;
  }
};

const listedMissing = (missing: ReadonlySet<string>): string => [...missing].sort().join(', ');

/**
 * Loads a schema: imports its modules, reads their tables and finds each table in its source.
 *
 * @param paths files, folders or patterns
 * @throws AuditError when no table of PostgreSQL is found
 */
export const loadSchema = async (
  paths: readonly string[],
  casing: Casing | undefined,
): Promise<LoadedSchema> => {
  const files = await schemaFiles(paths);
  const loader = moduleLoader();
  const exports: Record<string, unknown> = {};
  const failures: { readonly file: string; readonly error: unknown }[] = [];
  for (const file of files) {
    try {
      const loaded = await loader.import(file);
      for (const [name, value] of Object.entries(loaded)) {
        if (!isReadable(value)) continue;
        // Two files may use one name for two tables; neither must hide the other.
        const taken = name in exports && exports[name] !== value;
        exports[taken ? `${name}@${file}` : name] = value;
      }
    } catch (error) {
      failures.push({ file, error });
    }
  }
  const { tables, views, enums } = readTables(exports, casing);
  if (tables.length === 0) {
    const [first] = failures;
    const message = first
      ? `cannot load ${first.file}: ${messageOf(first.error)}`
      : `no PostgreSQL table among the exports of ${paths.join(', ')}${
          loader.missing.size > 0
            ? `; imports that were not found: ${listedMissing(loader.missing)}`
            : ''
        }`;
    throw new AuditError('schema', 1, message, first?.error);
  }
  const sources = await readSources(files);
  const found = locate(
    {
      origin: 'schema',
      tables,
      views,
      enums,
      relations: readRelations(exports, casing),
      exports: new Set(Object.keys(exports)),
      shapes: new Map(),
    },
    sources,
    loader.missing,
  );
  const outside = outsideTables(found.tables);
  const model =
    outside.size === found.tables.length
      ? found
      : { ...found, tables: found.tables.filter(({ id }) => !outside.has(id)) };
  const inPart = model.tables.filter(({ knownInPart }) => knownInPart).map(({ id }) => id);
  return {
    model: { ...model, shapes: shapesOf(model, sources) },
    sources,
    notes: [
      ...(model === found || outside.size === 0
        ? []
        : [`kept by others and only referred to, so not judged: ${[...outside].join(', ')}`]),
      ...failures.map(({ file, error }) => `not loaded: ${file}: ${messageOf(error)}`),
      ...(loader.missing.size > 0
        ? [`imports that were not found and left out: ${listedMissing(loader.missing)}`]
        : []),
      ...(inPart.length > 0
        ? [
            `known in part, so that no rule asks for what is not there: ${inPart.slice(0, 20).join(', ')}${inPart.length > 20 ? ` and ${inPart.length - 20} more` : ''}`,
          ]
        : []),
    ],
  };
};
