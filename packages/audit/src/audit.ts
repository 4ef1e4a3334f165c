import { readBaseline } from './baseline.ts';
import type { Catalog } from './catalog/catalog.ts';
import { withSession } from './catalog/connection.ts';
import { readCatalog } from './catalog/read-catalog.ts';
import { readModel, withLive } from './catalog/read-model.ts';
import { usage } from './errors.ts';
import type { Report } from './finding.ts';
import { loadSchema } from './load/schema.ts';
import type { Model } from './model/model.ts';
import { openProject, type ProjectOptions } from './project.ts';
import type { Needs } from './rules/rule.ts';
import { runRules } from './run-rules.ts';
import type { SourceFile } from './source/parse.ts';
import { queryModules } from './source/query-modules.ts';
import type { Sources } from './source/sources.ts';

export interface AuditOptions extends ProjectOptions {
  /** A database to audit as well, or alone if there is no schema. */
  readonly url?: string | undefined;
  /** The file of known findings; a missing one counts as empty. */
  readonly baseline?: string | undefined;
  /** The folder to which the report's paths are relative; default: the working folder. */
  readonly root?: string | undefined;
}

/**
 * Audits a project: its schema, its catalog if there is a URL, or both.
 *
 * @throws AuditError when there is nothing to audit, or it cannot be loaded
 */
export const audit = async (options: AuditOptions = {}): Promise<Report> => {
  const started = performance.now();
  const project = await openProject(options);
  const has = new Set<Needs>();
  const notes: string[] = [...project.notes];
  let model: Model | undefined;
  let sources: Sources = new Map();
  let queries: SourceFile[] = [];
  let catalog: Catalog | undefined;
  if (project.schema.length > 0) {
    const loaded = await loadSchema(project.schema, project.casing);
    model = loaded.model;
    sources = loaded.sources;
    notes.push(...loaded.notes);
    has.add('schema').add('declarations');
    queries = await queryModules(project.folder, project.queries, new Set(sources.keys()));
    if (queries.length > 0) has.add('queries');
  }
  const { url } = options;
  if (url !== undefined) {
    const declared = model;
    [model, catalog] = await withSession(url, async (session) => {
      const live = await readModel(session);
      const whole = declared ? withLive(declared, live) : live;
      const there = new Set(live.tables.map(({ id }) => id));
      const absent = (declared?.tables ?? []).filter(({ id }) => !there.has(id));
      if (absent.length > 0)
        notes.push(`not in the database: ${absent.map(({ id }) => id).join(', ')}`);
      return [whole, await readCatalog(session, whole)] as const;
    });
    has.add('schema').add('catalog');
  }
  if (!model)
    throw usage(
      'nothing to audit: no drizzle.config and no audit.config here; pass --drizzle, --schema or --url',
    );
  const baseline =
    options.baseline === undefined ? undefined : await readBaseline(options.baseline);
  return runRules(
    { model, sources, queries, catalog },
    {
      config: project.config,
      has,
      project: project.name,
      notes,
      started,
      ...(options.root === undefined ? {} : { root: options.root }),
      ...(baseline ? { baseline } : {}),
    },
  );
};
