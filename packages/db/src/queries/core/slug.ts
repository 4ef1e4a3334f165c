/**
 * A drive's address from its name: "Ada's Notes (2026)" becomes "ada-s-notes-2026".
 * A name without a Latin letter or a digit becomes "drive".
 */
export function slugFrom(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return words?.join('-').slice(0, 80).replace(/-$/, '') || 'drive';
}
