import { packageFolder } from '@reference/kit/package-folder';

/** Where this package's migrations are, for `migrate` of @reference/migrator. */
export const migrationsFolder = packageFolder('@reference/tasks', 'drizzle', import.meta.url);
