import { projectConfig } from '@reference/local-postgres/vitest';
import { mergeConfig } from 'vitest/config';

export default mergeConfig(projectConfig(), { test: { setupFiles: ['./test/server.ts'] } });
