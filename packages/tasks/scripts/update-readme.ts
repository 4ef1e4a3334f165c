// pnpm docs:diagram: writes the schema's entity diagram into the README.
import { readFile, writeFile } from 'node:fs/promises';
import { withDiagram } from './readme-diagram.ts';

const readme = new URL('../README.md', import.meta.url);
await writeFile(readme, withDiagram(await readFile(readme, 'utf8')));
