import { defineConfig } from 'drizzle-kit';

// Paths are relative to the package: every script of package.json runs there.
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schemas/index.ts',
  out: './src/migrations',
  dbCredentials: { url: process.env.POSTGRES_URL ?? 'postgres://127.0.0.1:5432/ait' },
});
