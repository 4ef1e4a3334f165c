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

test('a parameter that is repeated, too long or no text is answered like any other', async () => {
  const odd = ['a&PARAM=b', '%00', '%ED%A0%80', '%', 'x'.repeat(5_000), '[]', '-1', 'null'];
  const asking = [
    '/search?q',
    '/search?q=rollback&drive',
    '/search?q=rollback&after',
    '/notifications?after',
    '/invitation?token',
    '/tasks?status',
    '/tasks?tagId',
    '/tasks?text',
    '/knowledge/acme?q',
    '/drives/PARAM?x',
    '/schema/db/tables/PARAM?x',
    '/schema/PARAM?x',
    '/connectors/PARAM?table',
  ];
  const failed: string[] = [];
  for (const address of asking) {
    const name = /(\w+)$/.exec(address)?.[1] ?? '';
    for (const value of odd) {
      const path = address.replace(
        'PARAM',
        value.includes('&') ? 'a' : value.replace(/^%$/, '%25'),
      );
      const answer = await ada.page.request.get(`${path}=${value.replace('PARAM', name)}`);
      // What fails after the first bytes are sent is marked in the page: 404 is an answer, others are failures.
      const marks = [...(await answer.text()).matchAll(/data-dgst="([^"]*)"/g)].map(
        ([, mark]) => mark,
      );
      const isBroken = marks.some((mark) => !mark?.startsWith('NEXT_'));
      if (answer.status() >= 500 || isBroken)
        failed.push(`${answer.status()} ${path}=${value.slice(0, 20)}`);
    }
  }
  expect(failed).toEqual([]);
});
