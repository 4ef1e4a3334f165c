import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('drizzle-orm/version');
  vi.resetModules();
});

it.each(['1.0.0-rc.5', '0.46.0', '0.44.7'])(
  'Drizzle %s is refused by its name at import',
  async (version) => {
    vi.resetModules();
    vi.doMock('drizzle-orm/version', () => ({ npmVersion: version }));
    await expect(import('../src/index.ts')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`does not run on ${version}. Install drizzle-orm@`),
    });
  },
);
