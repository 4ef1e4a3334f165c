import { packageFolder } from '@reference/kit/package-folder';

/** The folder of this schema's migrations, as drizzle-kit lays it out. */
export const migrationsFolder = packageFolder('@reference/tenancy', 'drizzle', import.meta.url);
