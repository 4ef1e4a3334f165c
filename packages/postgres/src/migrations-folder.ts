/** The folder of this schema's migrations, as drizzle-kit lays it out. */
export const migrationsFolder = new URL('../src/migrations', import.meta.url);
