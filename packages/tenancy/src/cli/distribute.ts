import { requireUrl } from '@reference/kit';
import { Command } from 'commander';
import pc from 'picocolors';
import postgres from 'postgres';
import { distribute, distributeStatement } from '../cluster/distribute.ts';
import { distributionObstacles, distributionPlan } from '../cluster/distribution.ts';
import { clusterProblems } from '../cluster/problems.ts';

await new Command('tenancy:distribute')
  .description(
    'Distributes the tables over the Citus cluster of the coordinator in TENANCY_DATABASE_URL.',
  )
  .option('--dry-run', 'print the statements and the obstacles, and change nothing')
  .option('--check', 'list the gaps of a distributed database, such as after a migration')
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(pc.red(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  });

async function run({ dryRun, check }: { dryRun?: true; check?: true }): Promise<void> {
  const sql = postgres(requireUrl(process.env, 'TENANCY_DATABASE_URL'), {
    max: 1,
    onnotice: () => {},
  });
  try {
    if (dryRun) return await printPlan(sql);
    if (!check) {
      const done = await distribute(sql, {
        onTable: ({ table }) => console.log(`distributing ${table}`),
      });
      console.log(
        done.length > 0
          ? `${done.length} tables distributed`
          : 'Nothing to do: every table is distributed.',
      );
    }
    for (const { problem, fix } of await clusterProblems(sql)) {
      console.log(pc.red(`${problem} ${fix}`));
      process.exitCode = 1;
    }
  } finally {
    await sql.end();
  }
}

async function printPlan(sql: postgres.Sql): Promise<void> {
  for (const table of await distributionPlan(sql)) {
    console.log(
      table.distributed
        ? pc.dim(`-- ${table.table} is distributed`)
        : `${distributeStatement(table)};`,
    );
  }
  for (const { table, object, problem } of await distributionObstacles(sql)) {
    console.log(pc.red(`-- ${table}: ${object} ${problem}`));
    process.exitCode = 1;
  }
}
