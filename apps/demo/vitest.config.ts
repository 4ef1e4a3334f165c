import { projectConfig } from '@reference/local-postgres/vitest';

// What needs databases and no browser; `pnpm test:e2e` has the rest.
export default projectConfig({ needsVector: true });
