import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Contestant } from '../turns.ts';

/** The calls of a generated client that the bench makes; its types exist only once it is installed. */
interface Delegate {
  findFirst<R>(args: object): Promise<R | null>;
  findUnique<R>(args: object): Promise<R | null>;
  findMany<R>(args: object): Promise<R[]>;
}

export interface PrismaClient {
  readonly page: Delegate;
  readonly chatMessage: Delegate;
  $disconnect(): Promise<void>;
}

interface Generated {
  readonly PrismaClient: new (options: { adapter: unknown }) => PrismaClient;
}

interface Adapter {
  readonly PrismaPg: new (options: { connectionString: string; max: number }) => unknown;
}

const generated = new URL('../../prisma/generated/client.ts', import.meta.url);

/** Prisma's client over `pg`; undefined unless `prisma:install` has been run. */
export async function openPrisma(url: string, max: number): Promise<PrismaClient | undefined> {
  if (!existsSync(generated)) return undefined;
  const { PrismaClient: Client }: Generated = await import(generated.href);
  const resolve = createRequire(generated).resolve('@prisma/adapter-pg');
  const { PrismaPg }: Adapter = await import(resolve);
  return new Client({ adapter: new PrismaPg({ connectionString: url, max }) });
}

/** A contestant, unless Prisma is not installed. */
export const prismaContestant = <P>(
  prisma: PrismaClient | undefined,
  run: (prisma: PrismaClient, params: P) => Promise<unknown>,
): Contestant<P>[] => (prisma ? [{ name: 'Prisma', run: (params) => run(prisma, params) }] : []);
