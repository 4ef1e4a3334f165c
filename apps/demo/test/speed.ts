// pnpm speed: how long every screen takes with long lists in it, written to docs/performance-demo.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { screens } from './addresses.ts';
import { startDemo } from './demo-process.ts';
import { type Cookies, signedIn } from './sign-in.ts';
import { fillForSpeed, treeDriveId, treePages } from './speed-data.ts';

const visits = 7;
const desktop = { width: 1440, height: 900 } as const;

interface Timing {
  /** Until the last byte of the document, milliseconds. */
  readonly whole: number;
  readonly firstPaint: number;
}

interface Frames {
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
  readonly lines: number;
}

const median = (values: readonly number[], share = 0.5) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

const data = await mkdtemp(join(tmpdir(), 'demo-speed-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  console.log('Filling …');
  await fillForSpeed(data);
  const demo = await startDemo(['--port', '3950', '--data', data]);
  try {
    const cookies = await signedIn(browser, demo.url);
    const rows: string[][] = [];
    for (const [name, path] of [
      ...Object.entries(screens),
      ['5,000 pages', `/drives/${treeDriveId}`],
    ]) {
      const timings = await timesOf(browser, `${demo.url}${path}`, cookies);
      const whole = timings.map((timing) => timing.whole);
      rows.push([
        name ?? '',
        `${median(whole).toFixed(0)} ms`,
        `${Math.max(...whole).toFixed(0)} ms`,
        `${median(timings.map((timing) => timing.firstPaint)).toFixed(0)} ms`,
        `${((await bytesOf(browser, `${demo.url}${path}`, cookies)) / 1000).toFixed(0)} kB`,
      ]);
      console.log(rows.at(-1)?.join('  '));
    }
    const frames = await scrollTree(browser, `${demo.url}/drives/${treeDriveId}`, cookies);
    const report = [
      '# Figures of the demo',
      `Written by \`pnpm --filter ./apps/demo speed\`: the embedded Postgres, the workspace’s medium seed, lists of 5,000 channel messages, notifications and tasks, 1,000 rows of each kind in Connectors. Each screen was visited ${visits} times with a filled browser cache. A time runs from the request to the last byte of the document, streamed parts included, or to the first contentful paint; the bytes are those of a first visit. ${cpus().length} × ${cpus()[0]?.model.trim()}, Chromium ${browser.version()} on the same machine.`,
      table(
        ['screen', 'whole document, p50', 'slowest', 'first paint, p50', 'bytes, first visit'],
        rows,
      ),
      '## A tree of 5,000 pages',
      `The run scrolls from the first line to the last, 300 pixels a frame. It shows a frame every ${frames.median.toFixed(1)} ms (p95 ${frames.p95.toFixed(1)} ms, longest ${frames.longest.toFixed(1)} ms), and the document never holds more than ${frames.lines} of its ${treePages.toLocaleString('en')} lines.`,
    ].join('\n\n');
    await writeFile(new URL('../../../docs/performance-demo.md', import.meta.url), `${report}\n`);
  } finally {
    await demo.end('SIGTERM');
  }
} finally {
  await browser.close();
  await rm(data, { recursive: true, force: true });
}

async function windowOf(from: Browser, cookies: Cookies): Promise<Page> {
  const context = await from.newContext({ viewport: desktop });
  await context.addCookies(cookies);
  return context.newPage();
}

async function timesOf(from: Browser, url: string, cookies: Cookies): Promise<Timing[]> {
  const page = await windowOf(from, cookies);
  await page.goto(url, { waitUntil: 'networkidle' });
  // Where an address leads on to another, that one.
  const shown = page.url();
  const timings: Timing[] = [];
  for (let visit = 0; visit < visits; visit++) {
    await page.goto(shown, { waitUntil: 'load' });
    await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint').length > 0,
    );
    timings.push(
      await page.evaluate(() => {
        const [load] = performance.getEntriesByType('navigation');
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        const whole = load && 'responseEnd' in load ? Number(load.responseEnd) : Number.NaN;
        return { whole, firstPaint: paint?.startTime ?? Number.NaN };
      }),
    );
  }
  await page.context().close();
  return timings;
}

/** The bytes that a browser with an empty cache receives, compressed. */
async function bytesOf(from: Browser, url: string, cookies: Cookies): Promise<number> {
  const page = await windowOf(from, cookies);
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Network.enable');
  let received = 0;
  protocol.on('Network.loadingFinished', ({ encodedDataLength }) => {
    received += encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.context().close();
  return received;
}

async function scrollTree(from: Browser, url: string, cookies: Cookies): Promise<Frames> {
  const page = await windowOf(from, cookies);
  await page.goto(url, { waitUntil: 'networkidle' });
  const tree = page.getByRole('tree', { name: 'Pages' });
  // In the page, at the pace at which it draws: a step and a look at the clock each frame.
  const measured = await tree.evaluate(async (element) => {
    const scroller = element.parentElement;
    if (!scroller) throw new Error('The tree does not scroll.');
    const times: number[] = [];
    let lines = 0;
    // No function of its own in here: the compiler would name it by a helper that the page lacks.
    for (let at = performance.now(); ; ) {
      const before = scroller.scrollTop;
      scroller.scrollBy(0, 300);
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      times.push(now - at);
      at = now;
      lines = Math.max(lines, element.querySelectorAll('[role=treeitem]').length);
      if (scroller.scrollTop === before) return { times, lines };
    }
  });
  if (!(await page.getByText(`Page ${treePages - 1}`, { exact: true }).isVisible())) {
    throw new Error('The last page of the tree is not to be seen.');
  }
  await page.context().close();
  const { times, lines } = measured;
  return { median: median(times), p95: median(times, 0.95), longest: Math.max(...times), lines };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
