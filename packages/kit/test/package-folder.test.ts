import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { packageFolder } from '../src/package-folder.ts';

const kit = dirname(dirname(fileURLToPath(import.meta.url)));

it('a folder lies beside the module that asks', () => {
  expect(packageFolder('@reference/kit', 'patches', import.meta.url)).toBe(join(kit, 'patches'));
});

it.each([undefined, 'webpack://host/bundle.js'])(
  'without a useful address of the module it names where the package would be installed: %s',
  (moduleUrl) => {
    const found = packageFolder('@nobody/nothing', 'drizzle', moduleUrl);
    expect(found).toBe(join(process.cwd(), 'node_modules/@nobody/nothing/drizzle'));
  },
);
