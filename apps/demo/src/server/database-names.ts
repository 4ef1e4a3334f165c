/** One variable for each package's database. */
export const databaseUrls = {
  pagespace: 'DATABASE_URL',
  ait: 'POSTGRES_URL',
  tasks: 'TASKS_DATABASE_URL',
  tenancy: 'TENANCY_DATABASE_URL',
} as const;
export type DatabaseName = keyof typeof databaseUrls;
