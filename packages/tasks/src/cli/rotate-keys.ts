// pnpm keys:rotate: seals every stored secret with the first key of ENCRYPTION_KEYS.
import { keyringFromEnv, requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { createTasksClient } from '../client.ts';
import {
  getKeyRetirement,
  type KeyUsage,
  listKeyUsage,
  rotateEncryptionKey,
} from '../queries/key-rotation.ts';

const program = new Command('keys:rotate')
  .description(
    'Seals every stored secret with the first key of ENCRYPTION_KEYS. Safe to interrupt and to run again, while the application runs.',
  )
  .option('--batch-size <values>', 'values per statement', wholeNumber, 500)
  .option('--status', 'only show which key has sealed how many values')
  .addHelpText('after', '\nReads TASKS_DATABASE_URL and ENCRYPTION_KEYS from the environment.');

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}

await runCommand(async () => {
  const options = program.parse().opts<{ batchSize: number; status?: true }>();
  const url = requireUrl(process.env, 'TASKS_DATABASE_URL');
  const keyring = keyringFromEnv(process.env.ENCRYPTION_KEYS);
  const client = createTasksClient({ url, applicationName: 'tasks keys:rotate', max: 2 });
  try {
    if (options.status !== true) {
      const bar = new SingleBar({
        format: `Sealing with ${keyring.currentKeyId} {bar} {percentage}% | {value} of {total} | {duration_formatted}`,
        clearOnComplete: false,
        noTTYOutput: true,
        notTTYSchedule: 1000,
      });
      let started = false;
      const report = await rotateEncryptionKey(client.db, {
        keyring,
        batchSize: options.batchSize,
        onProgress: (done, total) => {
          if (!started) bar.start(total, 0);
          started = true;
          bar.update(done);
        },
      }).finally(() => started && bar.stop());
      console.log(`${report.resealed} values resealed.`);
      for (const { table, column, rowId } of report.unopened) {
        console.error(pc.red(`${table}.${column} of row ${rowId} does not open: left as it is.`));
      }
      if (report.remaining > 0) process.exitCode = 1;
    }
    const usage = await listKeyUsage(client.db);
    console.log(usageTable(usage));
    for (const keyId of new Set(usage.map((row) => row.keyId))) {
      if (keyId !== keyring.currentKeyId)
        console.log(pc.yellow(`Keep key ${keyId}: values need it.`));
    }
    for (const keyId of keyIdsOf(process.env.ENCRYPTION_KEYS ?? '')) {
      if (keyId === keyring.currentKeyId) continue;
      const { retirable } = await getKeyRetirement(client.db, { keyId });
      if (retirable)
        console.log(pc.green(`Key ${keyId} can be retired: nothing is sealed with it.`));
    }
  } finally {
    await client.close();
  }
});

function usageTable(usage: readonly KeyUsage[]): string {
  const table = new Table({
    head: ['table', 'column', 'key', 'values'],
    style: { head: [], border: [], compact: true },
  });
  for (const { table: name, column, keyId, values } of usage) {
    table.push([name, column, keyId, { content: values.toLocaleString('en'), hAlign: 'right' }]);
  }
  return table.toString();
}

function keyIdsOf(environment: string): string[] {
  return environment.split(',').map((entry) => entry.trim().split(':')[0] ?? '');
}
