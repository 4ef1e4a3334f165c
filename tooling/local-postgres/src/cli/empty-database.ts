// empty-database VARIABLE [--needs VARIABLE…]   drops every schema of the local database that the
// URL in VARIABLE names, unless a needed variable is unset
import postgres from 'postgres';
import { requireLocalUrl } from './local-address.ts';

try {
  const [variable = '', flag, ...needed] = process.argv.slice(2);
  const url = requireLocalUrl(variable, process.env);
  const missing = flag === '--needs' ? needed.filter((name) => !process.env[name]) : [];
  if (missing.length > 0)
    throw new Error(
      `${missing.join(', ')} is not set, and the seeding that follows needs it: .env.example says how to make one. Nothing was emptied.`,
    );
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    const name = await sql.begin(async (tx) => {
      await tx`set local lock_timeout = '5s'`;
      const schemas = await tx<{ nspname: string }[]>`
        select nspname from pg_namespace
        where nspname <> 'information_schema' and nspname not like 'pg\_%'`;
      for (const { nspname } of schemas) await tx`drop schema ${tx(nspname)} cascade`;
      await tx`create schema public`;
      const [row] = await tx<{ name: string }[]>`select current_database() as name`;
      return row?.name;
    });
    console.log(`${name} emptied.`);
  } finally {
    await sql.end();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
