// pnpm docs:diagram
import { writeFile } from 'node:fs/promises';
import { entities } from './entities.ts';

await writeFile(new URL('../ENTITIES.md', import.meta.url), entities());
