import type { Catalog, CatalogObject } from '../catalog/describe.ts';

/** The statements that drop all that a catalog holds, what depends on others first. */
export const dropStatements = (catalog: Catalog): string[] => {
  const kind = (...kinds: CatalogObject['kind'][]) =>
    catalog.filter((object) => kinds.includes(object.kind));
  const each = (what: string, ...kinds: CatalogObject['kind'][]) =>
    kind(...kinds).map(({ name }) => `DROP ${what} ${name}`);
  // A partition goes with its table.
  const tables = kind('table').filter(({ definition }) => !definition.includes('PARTITION OF '));
  const schemas = kind('schema').map(({ name }) => name);
  const inPublic = ({ name }: CatalogObject) =>
    !schemas.some((schema) => name.startsWith(`${schema}.`));
  const views = kind('view', 'materialized view');
  const revokes = kind('grant').flatMap(({ name, definition }) => {
    const [, schema, grantee] = /^SCHEMA (\S+) TO (.*)$/s.exec(name) ?? [];
    if (!schema || schemas.includes(schema)) return [];
    return [
      `REVOKE ${definition.replaceAll(' WITH GRANT OPTION', '')} ON SCHEMA ${schema} FROM ${grantee}`,
    ];
  });
  const defaults = kind('default grant').flatMap(({ name, definition }) => {
    const [, scope = '', what = '', grantee = ''] =
      /^(IN SCHEMA \S+ )?(\w+) TO (.*)$/s.exec(name) ?? [];
    return [`ALTER DEFAULT PRIVILEGES ${scope}REVOKE ${definition} ON ${what} FROM ${grantee}`];
  });
  const routines = (what: 'function' | 'procedure') =>
    kind(what)
      .filter(inPublic)
      .map(({ name }) => `DROP ${what.toUpperCase()} ${name}`);
  return [
    ...each('EVENT TRIGGER', 'event trigger'),
    ...defaults,
    ...revokes,
    ...views
      .filter(inPublic)
      .map((view) => `DROP ${view.kind.toUpperCase()} IF EXISTS ${view.name} CASCADE`),
    ...(tables.length > 0
      ? [`DROP TABLE ${tables.map(({ name }) => name).join(', ')} CASCADE`]
      : []),
    ...routines('function'),
    ...routines('procedure'),
    ...kind('sequence')
      .filter((sequence) => inPublic(sequence) && !sequence.definition.includes('OWNED BY'))
      .map(({ name }) => `DROP SEQUENCE ${name}`),
    ...kind('domain', 'enum', 'type', 'range type')
      .filter(inPublic)
      .map(({ name }) => `DROP TYPE IF EXISTS ${name} CASCADE`),
    ...each('EXTENSION', 'extension'),
    ...schemas.map((schema) => `DROP SCHEMA ${schema} CASCADE`),
  ];
};
