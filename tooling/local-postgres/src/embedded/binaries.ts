import { findOnMachine } from './machine.ts';
import { findInPackage } from './package.ts';
import type { Binaries } from './programs.ts';
import { userForServer } from './user.ts';

/**
 * Finds the machine's own PostgreSQL if one has pgvector, because everything runs on that; else the
 * one from npm, which lacks it.
 * @param scratch makes a folder for a copy of the programs, if their own folder is read-only or
 *   closed to their user
 * @returns the reason if there is neither
 */
export async function findBinaries(
  scratch: () => Promise<string>,
): Promise<Binaries | { missing: string }> {
  const user = await userForServer();
  return (await findOnMachine(user)) ?? (await findInPackage(user, scratch));
}
