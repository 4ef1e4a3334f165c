import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const workspace = fileURLToPath(new URL('../..', import.meta.url));

const config: NextConfig = {
  // Another folder for `dev`, so that it can run beside a built one.
  distDir: process.env.DEMO_DIST ?? '.next',
  turbopack: { root: workspace },
  outputFileTracingRoot: workspace,
  // Workspace packages are TypeScript sources; Next compiles them with the app.
  transpilePackages: [
    '@ait/postgres',
    '@pagespace/db',
    '@reference/kit',
    '@reference/migrator',
    '@reference/tasks',
    '@reference/tenancy',
  ],
  // `pnpm check` checks the types; a second time here would only delay the start.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // Unminified, so that a stack leads to the very line: the statements panel and the log live on it.
  experimental: { serverMinification: false, serverActions: { bodySizeLimit: '12mb' } },
};

export default config;
