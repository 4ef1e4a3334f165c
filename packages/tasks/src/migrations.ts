import { packageFolder } from '@reference/kit/package-folder';

/** The folder of this package's migrations, for `migrate` of @reference/migrator. */
export const migrationsFolder = packageFolder('@reference/tasks', 'drizzle', import.meta.url);
