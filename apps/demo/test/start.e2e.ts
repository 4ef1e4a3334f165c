import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Demo, startDemo } from './demo-process.ts';
import { signedIn } from './sign-in.ts';

/** Kills the database server from the guide, and looks whether the application goes on. */
async function killServer(url: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const context = await browser.newContext({ baseURL: url });
    await context.addCookies(await signedIn(browser, url));
    const page = await context.newPage();
    await page.goto('/guide');
    await page.getByRole('button', { name: 'Kill the server' }).click();
    await page.getByText(/process \d+ of the server/).waitFor({ timeout: 60_000 });
    await page.getByText('holds', { exact: true }).waitFor();
    await page.getByText(/^process \d+ throughout$/).waitFor();
    await page.goto('/drives');
    await page.getByRole('heading', { level: 1, name: 'Drives' }).waitFor();
  } finally {
    await browser.close();
  }
}

/** The password is printed: no other machine may reach the application. */
async function expectOnlyHere(url: string): Promise<void> {
  const { port } = new URL(url);
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
  );
  for (const { address } of addresses) {
    const answer = await fetch(`http://${address}:${port}/sign-in`).catch(() => 'refused');
    expect(answer, address).toBe('refused');
  }
}

// Fills databases and starts the application twice, beside the tests of another file.
const timeout = 240_000;

test('a killed demo starts again with its data, on the next port when its own is taken', {
  timeout,
}, async () => {
  const running: Demo[] = [];
  const data = await mkdtemp(join(tmpdir(), 'demo-start-'));
  const options = ['--port', '3950', '--data', data];
  try {
    const first = await startDemo(options);
    running.push(first);
    expect(first.output()).toContain('migrations applied');
    await expectOnlyHere(first.url);
    await first.end('SIGKILL');
    await expect.poll(() => fetch(first.url).catch(() => 'gone'), { timeout: 10_000 }).toBe('gone');

    const neighbour = createServer();
    await new Promise<void>((resolve) => neighbour.listen(3950, resolve));
    const second = await startDemo(options);
    running.push(second);
    neighbour.close();
    expect(second.output()).toContain('port 3950 is taken, so it is 3951');
    expect(second.output()).not.toContain('migrations applied');
    expect(second.output()).not.toContain('sample data');
    await expect(startDemo(options)).rejects.toThrow(/Process \d+ uses the databases in/);
    await killServer(second.url);
    expect(await second.end('SIGINT')).toBe(0);
  } finally {
    await Promise.all(running.map((demo) => demo.end('SIGKILL')));
    await rm(data, { recursive: true, force: true });
  }
});
