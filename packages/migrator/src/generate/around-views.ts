import { catalogOf } from '../catalog/describe.ts';
import { dumpCatalog } from '../catalog/dump.ts';
import type { Session } from '../run/session.ts';
import { splitStatements } from '../sql/split.ts';

const CHANGE =
  /^ALTER TABLE ((?:"[^"]+"\.)?"[^"]+") ALTER COLUMN "([^"]+)" SET DATA TYPE ([^;]+?)(\s+USING\b[^;]*)?;?$/is;

const DEPENDENTS = `
  with recursive found (oid, depth) as (
    select r.ev_class, 1
    from pg_depend d join pg_rewrite r on r.oid = d.objid
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass($1)
      and d.refobjsubid = (select attnum from pg_attribute where attrelid = to_regclass($1) and attname = $2)
      and r.ev_class <> d.refobjid
    union
    select r.ev_class, f.depth + 1
    from found f join pg_depend d on d.refobjid = f.oid and d.refclassid = 'pg_class'::regclass
    join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    where r.ev_class <> f.oid)
  select format('%I.%I', n.nspname, c.relname) as name, c.relkind as kind, max(f.depth) as depth
  from found f join pg_class c on c.oid = f.oid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm') group by 1, 2 order by 3, 1`;

/** The name without unnecessary quotes, in the catalog's spelling. */
const isAbout = (name: string, view: string): boolean =>
  name === view ||
  name.startsWith(`${view}.`) ||
  name.includes(` ${view} `) ||
  name.endsWith(` ${view}`);

/**
 * Puts the drop of views before the statements, and their creation, with rights and comments, after
 * them, because a column that a view reads cannot change its type. It also adds USING to a change
 * of type for which the server has no conversion.
 *
 * @param session on a database in the state before the statements
 */
export const aroundViews = async (
  session: Session,
  statements: readonly string[],
): Promise<string[]> => {
  const views = new Map<string, { kind: string; depth: number }>();
  const changed: string[] = [];
  for (const statement of statements) {
    const [, table, column, type, using] = CHANGE.exec(statement.trim()) ?? [];
    if (!table || !column || !type) {
      changed.push(statement);
      continue;
    }
    changed.push(
      using
        ? statement
        : `ALTER TABLE ${table} ALTER COLUMN "${column}" SET DATA TYPE ${type} USING "${column}"::${type};`,
    );
    for (const { name, kind, depth } of await session.rows<{
      name: string;
      kind: string;
      depth: number;
    }>(DEPENDENTS, [table, column]))
      views.set(name, { kind, depth: Math.max(depth, views.get(name)?.depth ?? 0) });
  }
  const kept = [...views]
    .filter(([name]) => {
      const bare = name.split('.').at(-1)?.replaceAll('"', '') ?? name;
      return !statements.some(
        (text) => /^DROP (MATERIALIZED )?VIEW/i.test(text) && text.includes(`"${bare}"`),
      );
    })
    .sort(([, a], [, b]) => b.depth - a.depth);
  if (kept.length === 0) return changed;
  const names = kept.map(([name]) => name);
  const drops = kept.map(
    ([name, { kind }]) => `DROP ${kind === 'm' ? 'MATERIALIZED VIEW' : 'VIEW'} ${name};`,
  );
  const parts = (await catalogOf(session)).filter(
    ({ kind, name, definition }) =>
      (['view', 'materialized view', 'grant', 'comment', 'trigger', 'rule'].includes(kind) &&
        names.some((view) => isAbout(name, view))) ||
      (kind === 'index' && names.some((view) => definition.includes(` ON ${view} `))),
  );
  const makes = splitStatements(dumpCatalog(parts))
    .map(({ text }) => `${text};`)
    .filter((text) => !text.startsWith('SET '));
  return [...drops, ...changed, ...makes];
};
