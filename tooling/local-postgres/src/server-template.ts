import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

type Server = { adminUrl: string; owner: string };

/** A template: its name's hash, and the function that fills it. */
type Template = { hash: string; build: (url: string) => Promise<unknown> };

/** Creates a database, as a copy of a template if one is given, with one connection. */
export async function createDatabase(
  server: Server,
  template?: Template,
): Promise<{ url: string; close(): Promise<void> }> {
  const { adminUrl, owner } = server;
  const name = `lp_${owner}_${randomBytes(5).toString('hex')}`;
  const sql = connect(adminUrl);
  let hungUp: Promise<void>;
  try {
    if (template) await copyTemplate(sql, server, template, name);
    else await sql`create database ${sql(name)} strategy file_copy`;
  } finally {
    // Not awaited, because closing takes a sixth of the time.
    hungUp = sql.end();
  }
  return {
    url: urlOf(adminUrl, name),
    async close() {
      await hungUp;
      const admin = connect(adminUrl);
      await admin`drop database if exists ${admin(name)} with (force)`.finally(() => admin.end());
    },
  };
}

async function copyTemplate(sql: postgres.Sql, server: Server, template: Template, name: string) {
  // file_copy, because a template is small and nothing waits for a disk, so copying files is faster
  // than writing WAL.
  const copy = (source: string) =>
    sql`create database ${sql(name)} template ${sql(source)} strategy file_copy`;
  try {
    await copy(templateName(server, template));
  } catch (error) {
    const isMissing = error instanceof postgres.PostgresError && error.code === '3D000';
    if (!isMissing) throw error;
    await copy(await ensureTemplate(sql, server, template));
  }
}

const templateName = ({ owner }: Server, { hash }: Template) => `lp_${owner}_t_${hash}`;

/**
 * Makes sure the run's server has the template, and builds it once: of parallel workers, the first
 * builds under an advisory lock and the others wait.
 * @returns the template's database name
 */
async function ensureTemplate(
  sql: postgres.Sql,
  server: Server,
  template: Template,
): Promise<string> {
  const { adminUrl } = server;
  const name = templateName(server, template);
  // The lock ends with this connection, also when the process dies.
  await sql`select pg_advisory_lock(hashtextextended(${name}, 0))`;
  const [built] = await sql`select 1 from pg_database where datname = ${name}`;
  if (built) return name;
  // Under another name until it is complete, so that a failed build is never taken for a template.
  const unfinished = `${name}_b`;
  await sql`drop database if exists ${sql(unfinished)} with (force)`;
  await sql`create database ${sql(unfinished)}`;
  await template.build(urlOf(adminUrl, unfinished));
  await sql`alter database ${sql(unfinished)} rename to ${sql(name)}`;
  return name;
}

function connect(adminUrl: string) {
  return postgres(adminUrl, {
    max: 1,
    // Reads no arrays, because the query for their types would be a fifth of a copy's time.
    fetch_types: false,
    onnotice: () => {},
    connection: { client_min_messages: 'error' },
  });
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
