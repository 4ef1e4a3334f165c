import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { variables } from '../src/start/databases.ts';
import { productPage } from './addresses.ts';
import { type Seat, seatOf } from './browser.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

test('the demo makes nobody with a public password on a server that is not this machine', async () => {
  const main = fileURLToPath(new URL('../src/start/main.ts', import.meta.url));
  const urls = Object.values(variables).map((name) => [name, 'postgres://u:p@db.invalid:5432/x']);
  const started = promisify(execFile)(process.execPath, ['--import', 'tsx', main], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...Object.fromEntries(urls) },
    timeout: 30_000,
  });
  await expect(started).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/db\.invalid is not this machine, so nothing was done.*--remote/),
  });
});

test('a file that is too large is refused before it is sent, with the limit', async () => {
  const { page } = ada;
  await ada.goTo(productPage('Interview.pdf'));
  const sent: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.postDataBuffer()?.byteLength ?? 0);
  });
  await page.getByText(/You have stored/).waitFor();
  await page.getByLabel('File to upload').setInputFiles({
    name: 'large.txt',
    mimeType: 'text/plain',
    buffer: Buffer.alloc(11_000_000, 'a'),
  });
  await page
    .getByText(/large\.txt has 11.* A file may have 10/)
    .first()
    .waitFor();
  expect(Math.max(0, ...sent)).toBeLessThan(10_000);
});
