import type { Catalog, CatalogObject } from './describe.ts';
import { madeInOrder } from './making.ts';
import { leafOf, tableOf } from './object-names.ts';

const HEADER = `-- The schema after every migration, written by "migrator dump". Do not edit: read it in reviews.
-- It runs on an empty database, and gives the same catalog as the migrations.

SET check_function_bodies = false;`;

const section = (lines: readonly string[]): string[] =>
  lines.length > 0 ? [lines.join('\n')] : [];

const grantLines = ({ name, definition }: CatalogObject): string[] => {
  const [, object = '', grantee = ''] = /^(.*) TO (.*?)$/s.exec(name) ?? [];
  const [, target = object, column] = /^(TABLE .*) COLUMN (.*)$/s.exec(object) ?? [];
  const privileges = definition.split(', ');
  const suffix = ' WITH GRANT OPTION';
  return [false, true].flatMap((grantable) => {
    const chosen = privileges
      .filter((privilege) => privilege.endsWith(suffix) === grantable)
      .map((privilege) => privilege.replace(suffix, '') + (column ? ` (${column})` : ''));
    return chosen.length > 0
      ? [`GRANT ${chosen.join(', ')} ON ${target} TO ${grantee}${grantable ? suffix : ''};`]
      : [];
  });
};

/**
 * Writes a catalog as SQL that a person reviews and an empty database runs: a table with all of its
 * parts in one place, in an order independent of the time of creation.
 */
export const dumpCatalog = (catalog: Catalog): string => {
  const kind = (...kinds: CatalogObject['kind'][]) =>
    catalog.filter((object) => kinds.includes(object.kind));
  const parts: string[] = [
    HEADER,
    ...section(kind('schema').map(({ name }) => `CREATE SCHEMA ${name};`)),
    ...section(kind('extension').map(({ name }) => `CREATE EXTENSION IF NOT EXISTS ${name};`)),
    ...madeInOrder(catalog),
    ...section(kind('statistics').map((o) => `${o.definition};`)),
    ...section(kind('rule').map((o) => o.definition)),
    ...section(
      kind('trigger').flatMap((o) => {
        const [, text = '', state] =
          /^(.*?)( DISABLED| REPLICA| ALWAYS)?$/s.exec(o.definition) ?? [];
        const change = state === ' DISABLED' ? 'DISABLE' : `ENABLE${state ?? ''}`;
        return [
          `${text};`,
          ...(state ? [`ALTER TABLE ${tableOf(o.name)} ${change} TRIGGER ${leafOf(o.name)};`] : []),
        ];
      }),
    ),
    ...section(
      kind('event trigger').map((o) => `CREATE EVENT TRIGGER ${o.name} ${o.definition}();`),
    ),
    ...section(
      kind('row security').flatMap(({ name, definition }) => [
        ...(definition.startsWith('ENABLED')
          ? [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`]
          : []),
        ...(definition.endsWith('FORCED') ? [`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;`] : []),
      ]),
    ),
    ...section(
      kind('policy').map(
        (o) => `CREATE POLICY ${leafOf(o.name)} ON ${tableOf(o.name)} ${o.definition};`,
      ),
    ),
    ...section([
      ...kind('revoked from public').map((o) => `REVOKE EXECUTE ON ${o.name} FROM PUBLIC;`),
      ...kind('grant').flatMap(grantLines),
      ...kind('default grant').map((o) => {
        const [, scope = '', what = '', grantee = ''] =
          /^(IN SCHEMA \S+ )?(\w+) TO (.*)$/s.exec(o.name) ?? [];
        return `ALTER DEFAULT PRIVILEGES ${scope}GRANT ${o.definition} ON ${what} TO ${grantee};`;
      }),
    ]),
    ...section(
      kind('comment').map(
        ({ name, definition }) =>
          `COMMENT ON ${commentTarget(name)} IS '${definition.replaceAll("'", "''")}';`,
      ),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
};

/** The name of a commented object in COMMENT's syntax. */
const commentTarget = (name: string): string =>
  name.replace(/^TABLE COLUMN/, 'COLUMN').replace(/^TABLE CONSTRAINT/, 'CONSTRAINT');
