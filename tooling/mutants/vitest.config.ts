import { projectConfig } from '@reference/local-postgres/vitest';

export default projectConfig();
