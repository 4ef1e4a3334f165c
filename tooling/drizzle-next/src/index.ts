import { fileURLToPath } from 'node:url';

/** The node_modules that hold drizzle-orm 1.0 and its drizzle-kit, as a project on 1.0 has them. */
export const modulesOfNext = fileURLToPath(new URL('../node_modules', import.meta.url));
