import { DbError, requireUrl } from '@reference/kit';
import { collationWarning } from '@reference/migrator';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { seedTenants } from '../seed.ts';
import { connect } from './connect.ts';

// `pnpm db:seed` at the root passes its options to every package; these belong to others.
new Command('db:seed')
  .description('Fills the database with two demonstration tenants.')
  .addOption(new Option('--sample').hideHelp())
  .addOption(new Option('--rows <count>').hideHelp())
  .addOption(new Option('--size <size>').hideHelp())
  .addOption(new Option('--remote').hideHelp())
  .parse();

try {
  const warning = await collationWarning(requireUrl(process.env, 'TENANCY_DATABASE_URL'));
  if (warning) console.error(warning);
  const tenancy = await connect();
  try {
    const made = await seedTenants(tenancy);
    console.log(made.length > 0 ? `Seeded ${made.join(' and ')}.` : 'Everything is there already.');
  } finally {
    await tenancy.close();
  }
} catch (error) {
  console.error(pc.red(error instanceof DbError ? error.message : String(error)));
  process.exitCode = 1;
}
