import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './drizzle',
  migrations: { prefix: 'index' },
  dbCredentials: {
    url: process.env.TASKS_DATABASE_URL ?? 'postgresql://postgres:postgres@localhost:5432/tasks',
  },
  strict: true,
  verbose: true,
});
