import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The demo's own sealing key, made at its first start and kept with its data. */
export async function keepKeys(folder: string): Promise<string> {
  const file = join(folder, 'encryption-keys');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept) return kept;
  const made = `demo:${randomBytes(32).toString('base64')}`;
  await mkdir(folder, { recursive: true });
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
