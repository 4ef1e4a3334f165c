import { defineConfig } from 'drizzle-kit';

const url = process.env.TENANCY_DATABASE_URL;

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './drizzle',
  ...(url && { dbCredentials: { url } }),
});
