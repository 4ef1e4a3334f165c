import { AuditError, messageOf } from '../errors.ts';
import type { Casing } from '../model/casing.ts';
import type { Model } from '../model/model.ts';
import { readRelations } from '../model/read-relations.ts';
import { readTables } from '../model/read-schema.ts';
import { shapesOf } from '../model/shapes.ts';
import { locate } from '../source/locate.ts';
import { readSources, type Sources } from '../source/sources.ts';
import { schemaFiles } from './files.ts';
import { moduleLoader } from './modules.ts';

export interface LoadedSchema {
  readonly model: Model;
  readonly sources: Sources;
  /** What could not be read, as sentences. */
  readonly notes: readonly string[];
}

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
        // Two files may give one name to two tables; neither must hide the other.
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
      : `no PostgreSQL table among the exports of ${paths.join(', ')}`;
    throw new AuditError('schema', 1, message, first?.error);
  }
  const sources = await readSources(files);
  const model = locate(
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
  );
  return {
    model: { ...model, shapes: shapesOf(model, sources) },
    sources,
    notes: [
      ...failures.map(({ file, error }) => `not loaded: ${file}: ${messageOf(error)}`),
      ...(loader.missing.size > 0
        ? [`imports that were not found and left out: ${[...loader.missing].sort().join(', ')}`]
        : []),
    ],
  };
};
