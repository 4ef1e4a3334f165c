import {
  appendFile,
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Binaries } from './embedded/programs.ts';
import { startServerProcess } from './embedded/server.ts';
import type { ReplicatedServer } from './postgres-server.ts';

/**
 * The embedded binaries have no pg_basebackup, so the standby starts from a copy of the files, made
 * between `pg_backup_start` and `pg_backup_stop` (the manual, "Making a Base Backup Using the Low Level
 * API").
 */
export async function startReplicatedProcesses(
  binaries: Binaries,
  directory: string,
): Promise<ReplicatedServer> {
  const folder = await mkdtemp(join(directory, 'replicated-'));
  const [ofPrimary, ofReplica] = [join(folder, 'primary'), join(folder, 'replica')];
  await mkdir(ofPrimary);
  const primary = await startServerProcess(binaries, {
    folder: ofPrimary,
    durable: false,
    // Keeps the log, because the standby fetches everything written since the copy.
    settings: { wal_level: 'replica', wal_keep_size: '256MB' },
  });
  try {
    await copyCluster(primary.url, { from: ofPrimary, to: ofReplica });
    const replica = await startServerProcess(binaries, { folder: ofReplica, durable: false });
    return {
      primaryUrl: primary.url,
      replicaUrl: replica.url,
      async stop() {
        await replica.end();
        await primary.end();
        await rm(folder, { recursive: true });
      },
    };
  } catch (error) {
    await primary.end();
    throw error;
  }
}

/** Files of the running server only: in a copy these folders are empty, and these files missing. */
const emptied = ['pg_wal', 'pg_replslot', 'pg_dynshmem'];
const leftOut = ['postmaster.pid', 'postmaster.opts', ...emptied];

async function copyCluster(url: string, { from, to }: { from: string; to: string }): Promise<void> {
  const [source, target] = [join(from, 'data'), join(to, 'data')];
  await mkdir(target, { recursive: true });
  await cp(join(from, 'password'), join(to, 'password'));
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_backup_start('replica', fast => true)`;
    for (const name of await readdir(source)) {
      if (leftOut.includes(name)) continue;
      await cp(join(source, name), join(target, name), { recursive: true });
    }
    for (const name of emptied) await mkdir(join(target, name));
    const [stopped] = await sql<
      { labelfile: string }[]
    >`select labelfile from pg_backup_stop(wait_for_archive => false)`;
    await writeFile(join(target, 'backup_label'), stopped?.labelfile ?? '');
  } finally {
    await sql.end();
  }
  const { hostname, port, password } = new URL(url);
  const primary = `host=${hostname} port=${port} user=postgres password=${password}`;
  await appendFile(join(target, 'postgresql.auto.conf'), `primary_conninfo = '${primary}'\n`);
  await writeFile(join(target, 'standby.signal'), '');
  await giveTo(await stat(source), target);
}

/** PostgreSQL starts only on its own user's files, which others may not read. */
async function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string): Promise<void> {
  for (const path of ['', ...(await readdir(folder, { recursive: true }))]) {
    await chown(join(folder, path), uid, gid);
  }
  await chmod(folder, 0o700);
}
