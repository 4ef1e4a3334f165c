#!/usr/bin/env node
// Installed from a registry it runs the build; in a workspace, where nothing is built, the source.
if (import.meta.url.includes('/node_modules/')) {
  await import('../dist/cli/main.js');
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/cli/main.ts');
}
