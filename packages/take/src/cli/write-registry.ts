// pnpm registry   writes registry.json at the root from the code; a test fails while it is out of date.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registryText } from '../registry.ts';
import { openSource } from '../source/tree.ts';

const tree = openSource();
writeFileSync(join(tree.root, 'registry.json'), registryText(tree));
