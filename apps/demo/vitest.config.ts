import { projectConfig } from '@reference/local-postgres/vitest';

// Tests that need databases but no browser; `pnpm test:e2e` has the rest.
export default projectConfig();
