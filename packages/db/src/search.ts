// pnpm db:search "some words" --as ada@example.com: searches the database in DATABASE_URL as that
// person.
import { InvalidInputError, NotFoundError, requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { Command } from 'commander';
import { inArray } from 'drizzle-orm';
import pc from 'picocolors';
import { createDb } from './client.ts';
import type { Db } from './database.ts';
import { printable } from './printable.ts';
import { hasEmail } from './queries/auth/users.ts';
import { type SearchHit, searchPages } from './queries/core.ts';
import { drives, users } from './schema/index.ts';

const command = new Command('db:search')
  .description('Searches the pages that a person may see.')
  .argument('<words...>', 'what to look for; "a phrase", or, -without')
  .requiredOption('--as <email>', 'who searches')
  .option('--limit <number>', 'how many hits, 1 to 200', '10');

await runCommand(async () => {
  const words = command.parse().args.join(' ');
  const options = command.opts<{ as: string; limit: string }>();
  const limit = Number(options.limit);
  if (!Number.isInteger(limit)) throw new InvalidInputError('--limit must be a number, 1 to 200.');
  const client = createDb({ url: requireUrl(process.env, 'DATABASE_URL'), max: 1 });
  try {
    const userId = await requireUserId(client.db, options.as);
    const { items, nextCursor } = await searchPages(client.db, { userId, words, limit });
    const names = await driveNames(client.db, items);
    for (const hit of items) console.log(`${formatHit(hit, names.get(hit.driveId) ?? '')}\n`);
    if (items.length === 0) console.log(`${options.as} finds nothing for: ${words}`);
    if (nextCursor) console.log(pc.dim('There is more: give a higher --limit.'));
  } finally {
    await client.close();
  }
});

async function requireUserId(db: Db, email: string): Promise<string> {
  const [user] = await db.select({ id: users.id }).from(users).where(hasEmail(email));
  if (!user) throw new NotFoundError(`There is no user ${email}. Name an existing one with --as.`);
  return user.id;
}

async function driveNames(db: Db, hits: readonly SearchHit[]): Promise<Map<string, string>> {
  const ids = [...new Set(hits.map(({ driveId }) => driveId))];
  const rows = await db
    .select({ id: drives.id, name: drives.name })
    .from(drives)
    .where(inArray(drives.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function formatHit({ title, type, rank, snippet }: SearchHit, driveName: string): string {
  const where = `${driveName}, ${type.toLowerCase().replace('_', ' ')}, rank ${rank.toFixed(3)}`;
  const text = snippet
    .map((part) => (part.match ? pc.yellow(pc.bold(printable(part.text))) : printable(part.text)))
    .join('');
  return `${pc.bold(printable(title))}  ${pc.dim(printable(where))}\n  ${text}`;
}
