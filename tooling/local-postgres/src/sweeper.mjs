// Removes everything that a run left: containers, servers, databases on a given server, its
// temporary folder. It is a detached process that waits on its standard input: `end` means a
// regular end, end of file a run that died, even by SIGKILL. It is plain JavaScript, because node
// itself runs it.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { endServerOn } from './embedded/processes.mjs';

const { owner, directory, adminUrl, docker, server } = JSON.parse(process.argv[2] ?? '{}');

let ended = false;
for await (const line of createInterface({ input: process.stdin })) ended ||= line === 'end';

async function removeContainers() {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [`local-postgres.owner=${owner}`] };
  for (const { Id } of await dockerode.listContainers({ all: true, filters })) {
    await dockerode.getContainer(Id).remove({ force: true, v: true });
  }
}

async function dropDatabases() {
  const { default: postgres } = await import('postgres');
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const left =
    await sql`select datname from pg_database where starts_with(datname, ${`lp_${owner}_`})`;
  for (const { datname } of left) await sql`drop database if exists ${sql(datname)} with (force)`;
  await sql.end();
}

async function endServers() {
  for (const name of await readdir(directory).catch(() => [])) {
    await endServerOn(join(directory, name, 'data'), { keepsData: false });
  }
}

/**
 * Checks the owner, because the next process may have taken the folder over and have a server on
 * it.
 */
async function endServer({ folder, lock, holder }) {
  if ((await readFile(lock, 'utf8')) === holder) await endServerOn(join(folder, 'data'));
}

// The run may have died while it created something, so look again until it must have appeared.
for (const wait of ended ? [0] : [0, 500, 2000]) {
  await setTimeout(wait);
  if (docker) await removeContainers().catch(() => {});
  else if (adminUrl) await dropDatabases().catch(() => {});
  if (server) await endServer(server).catch(() => {});
  if (directory) {
    await endServers().catch(() => {});
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}
