#!/usr/bin/env node
// Runs the build if it is installed from a registry, and the source in a workspace, where nothing
// is built.
if (import.meta.url.includes('/node_modules/')) {
  await import('../dist/cli/main.js');
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/cli/main.ts');
}
