import { findOnMachine } from './machine.ts';
import { findInPackage } from './package.ts';
import type { Binaries } from './programs.ts';
import { userForServer } from './user.ts';

/**
 * The machine's own PostgreSQL where one has pgvector, since everything runs on it; else the one from
 * npm, which lacks it.
 * @param scratch makes a folder for a copy of the programs, which is needed where the folder that they
 * were installed into is read-only, or closed to the user who runs them
 * @returns the reason when there is neither
 */
export async function findBinaries(
  scratch: () => Promise<string>,
): Promise<Binaries | { missing: string }> {
  const user = await userForServer();
  return (await findOnMachine(user)) ?? (await findInPackage(user, scratch));
}
