import { DbError } from '@reference/kit';
import pc from 'picocolors';
import { seedTenants } from '../seed.ts';
import { connect } from './connect.ts';

try {
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
