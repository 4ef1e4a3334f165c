import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './drizzle',
  migrations: { prefix: 'index' },
  dbCredentials: { url: process.env.TENANCY_DATABASE_URL ?? '' },
  strict: true,
  verbose: true,
});
