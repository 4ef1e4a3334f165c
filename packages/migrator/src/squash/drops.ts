import type { Catalog, CatalogObject } from '../catalog/describe.ts';

/** The statements that drop everything in a catalog, dependent objects first. */
export const dropStatements = (catalog: Catalog): string[] => {
  const kind = (...kinds: CatalogObject['kind'][]) =>
    catalog.filter((object) => kinds.includes(object.kind));
  /** Names of objects that may hold one another, so one statement drops them. */
  const names = (...kinds: CatalogObject['kind'][]) =>
    kind(...kinds)
      .map(({ name }) => name)
      .join(', ');
  const together = (command: string, list: string, rest = '') =>
    list === '' ? [] : [`${command} ${list}${rest}`];
  // A partition is dropped with its table.
  const tables = kind('table').filter(({ definition }) => !definition.includes('PARTITION OF '));
  const schemas = kind('schema').map(({ name }) => name);
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
  const sequences = kind('sequence').filter(({ definition }) => !definition.includes('OWNED BY'));
  return [
    ...together('DROP EVENT TRIGGER', names('event trigger')),
    ...defaults,
    ...revokes,
    ...kind('view', 'materialized view').map(
      (view) => `DROP ${view.kind.toUpperCase()} IF EXISTS ${view.name} CASCADE`,
    ),
    ...together('DROP TABLE', tables.map(({ name }) => name).join(', '), ' CASCADE'),
    // A table takes along the functions of its rows, and a function the rules of domains that call it.
    ...together('DROP ROUTINE IF EXISTS', names('function', 'procedure', 'aggregate'), ' CASCADE'),
    ...together(
      'DROP SEQUENCE IF EXISTS',
      sequences.map(({ name }) => name).join(', '),
      ' CASCADE',
    ),
    ...together('DROP TYPE IF EXISTS', names('domain', 'enum', 'type', 'range type'), ' CASCADE'),
    // Without CASCADE, because other objects may use an extension, and ours are dropped by now.
    ...together('DROP EXTENSION', names('extension')),
    ...together('DROP SCHEMA', schemas.join(', '), ' CASCADE'),
  ];
};
