import { type DiagramOptions, entityDiagram } from './entity-diagram.ts';

export interface EntitiesPage {
  /** The package's name. */
  readonly title: string;
  /** Headings, and the tables drawn under each: a module's exports; other values than tables are skipped. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Database names of columns that every table has: told once, drawn nowhere. */
  readonly omit: NonNullable<DiagramOptions['omit']>;
}

/** A Markdown page with one entity diagram for each group of tables. */
export function entitiesPage({ title, groups, omit }: EntitiesPage): string {
  const told = omit.map((column) => `\`${column}\``).join(' and ');
  const parts = Object.entries(groups).map(
    ([name, tables]) => `## ${name}\n\n\`\`\`mermaid\n${entityDiagram(tables, { omit })}\n\`\`\`\n`,
  );
  return [
    `# Entities of ${title}\n`,
    `Drawn from the schema by \`pnpm docs:diagram\`. Every table also has ${told}.\n`,
    ...parts,
  ].join('\n');
}
