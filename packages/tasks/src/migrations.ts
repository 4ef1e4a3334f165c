import { fileURLToPath } from 'node:url';

/** Where this package's migrations are, for `migrate` of @reference/migrator. */
export const migrationsFolder = fileURLToPath(new URL('../drizzle', import.meta.url));
