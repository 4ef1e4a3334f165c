// pnpm docs:diagram: writes the schema's entity diagrams into the README.
import { readFile, writeFile } from 'node:fs/promises';
import { entityDiagrams } from './entity-diagram.ts';

const readme = new URL('../README.md', import.meta.url);
const text = await readFile(readme, 'utf8');
await writeFile(
  readme,
  text.replace(
    /(<!-- entity diagrams: pnpm docs:diagram -->\n).*?(\n<!-- end of entity diagrams -->)/s,
    (_, start: string, end: string) => `${start}\n${entityDiagrams()}\n${end}`,
  ),
);
