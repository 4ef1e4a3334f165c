import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AuditAnchor, type Db, listAuditAnchors, verifyAuditTrail } from '@pagespace/db';

/**
 * Verifies every chain of the audit trail against the anchors of the last time, then keeps new ones.
 * A broken chain keeps its old anchor, so that it is found each time.
 *
 * @param params.anchorFile where the anchors are kept: not where who can write the database can write
 * @returns a line for each broken chain
 */
export async function checkAuditTrail(
  { db, anchorFile }: { readonly db: Db; readonly anchorFile: string },
  signal: AbortSignal,
): Promise<string[]> {
  const kept = await readAnchors(anchorFile);
  const found: string[] = [];
  const unseen = new Set(kept.keys());
  const check = async (scope: string) => {
    unseen.delete(scope);
    const anchor = kept.get(scope);
    const report = await verifyAuditTrail(db, { scope, anchors: anchor ? [anchor] : [] });
    if (report.broken) {
      found.push(`${scope}: entry ${report.broken.position} is ${report.broken.problem}`);
    } else if (report.anchor) kept.set(scope, report.anchor);
  };
  for (let after: string | undefined; ; ) {
    const page = await listAuditAnchors(db, after ? { after } : {});
    for (const { scope } of page.items) {
      if (signal.aborted) return found;
      await check(scope);
    }
    if (!page.nextCursor) break;
    after = page.nextCursor;
  }
  // A chain that is gone with its head is in no list of heads.
  for (const scope of unseen) {
    if (signal.aborted) return found;
    await check(scope);
  }
  await writeAnchors(anchorFile, [...kept.values()]);
  return found;
}

/** Beside the old ones first: a crash half way leaves those. */
async function writeAnchors(file: string, anchors: readonly AuditAnchor[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(anchors));
  await rename(`${file}.new`, file);
}

async function readAnchors(file: string): Promise<Map<string, AuditAnchor>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // Only the first time there are none; a file that cannot be read must not pass for that.
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  // verifyAuditTrail parses each anchor again.
  const anchors: AuditAnchor[] = JSON.parse(text);
  return new Map(anchors.map((anchor) => [anchor.scope, anchor]));
}
