import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditAnchor, listAuditAnchors, verifyAuditTrail } from '@pagespace/db';
import { pagespace } from './databases.ts';
import { storageFolder } from './file-store.ts';

/** Beside the uploads, where who can write the database alone cannot write. */
const anchorFile = () => join(storageFolder(), 'audit-anchors.json');

/**
 * Verifies every chain of the audit trail against the anchors of the last time, then keeps new ones.
 * A broken chain keeps its old anchor, so that it is found each time.
 *
 * @returns a line for each broken chain
 */
export async function checkAuditTrail(signal: AbortSignal): Promise<string[]> {
  const kept = await readAnchors();
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listAuditAnchors(pagespace(), after ? { after } : {});
    for (const { scope } of page.items) {
      if (signal.aborted) return found;
      const anchor = kept.get(scope);
      const report = await verifyAuditTrail(pagespace(), {
        scope,
        anchors: anchor ? [anchor] : [],
      });
      if (report.broken) {
        found.push(`${scope}: entry ${report.broken.position} is ${report.broken.problem}`);
      } else if (report.anchor) kept.set(scope, report.anchor);
    }
    if (!page.nextCursor) break;
    after = page.nextCursor;
  }
  await mkdir(storageFolder(), { recursive: true });
  await writeFile(anchorFile(), JSON.stringify([...kept.values()]));
  return found;
}

async function readAnchors(): Promise<Map<string, AuditAnchor>> {
  const text = await readFile(anchorFile(), 'utf8').catch(() => '[]');
  // verifyAuditTrail parses each anchor again.
  const anchors: AuditAnchor[] = JSON.parse(text);
  return new Map(anchors.map((anchor) => [anchor.scope, anchor]));
}
