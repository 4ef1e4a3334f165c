// A worker as a process of its own: relays until it is killed, and writes a dot for each batch delivered.
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@reference/kit/client';
import { relay } from './relay.ts';

const { db } = createClient({ url: process.env.WORKER_DATABASE_URL ?? '', max: 3 }, { schema: {} });
for (;;) {
  // It may meet what a killed worker left locked.
  const delivered = await relay(db).catch(() => 0);
  if (delivered > 0) process.stdout.write('.');
  else await sleep(1);
}
