import { readFile } from 'node:fs/promises';

/** A survivor that was looked at and is no hole in the tests. */
export interface Accepted {
  readonly id: string;
  /** The reason: the fault changes nothing that a caller can see, or that another check than the tests sees. */
  readonly kind: 'equivalent' | 'checked elsewhere' | 'accepted';
  readonly why: string;
}

const path = new URL('../accepted.json', import.meta.url);

/** The survivors of `accepted.json`, by the id of the mutant. */
export async function readAccepted(): Promise<Map<string, Accepted>> {
  const list = JSON.parse(await readFile(path, 'utf8')) as Accepted[];
  return new Map(list.map((one) => [one.id, one]));
}
