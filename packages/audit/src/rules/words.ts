/** The words of a name in any case, in lower case. */
export const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .split(/[_\s-]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());

const IRREGULAR: Record<string, string> = {
  people: 'person',
  children: 'child',
  men: 'man',
  women: 'woman',
  data: 'datum',
  media: 'medium',
  criteria: 'criterion',
  indices: 'index',
  statuses: 'status',
  aliases: 'alias',
  addresses: 'address',
};

/** Words whose form does not show the number. */
const EITHER = new Set([
  'access',
  'analytics',
  'audit',
  'cache',
  'content',
  'data',
  'email',
  'feedback',
  'history',
  'info',
  'information',
  'media',
  'metadata',
  'music',
  'news',
  'progress',
  'series',
  'settings',
  'species',
  'staff',
  'statistics',
  'stats',
  'status',
  'storage',
  'stock',
  'traffic',
  'usage',
  'inventory',
  'billing',
  'membership',
  'equipment',
  'software',
  'work',
  'queue',
  'outbox',
  'inbox',
]);

export const singularOf = (word: string): string => {
  if (IRREGULAR[word]) return IRREGULAR[word];
  if (/(ss|us|is)$/.test(word)) return word;
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return /s$/.test(word) ? word.slice(0, -1) : word;
};

export const pluralOf = (word: string): string => {
  const irregular = Object.entries(IRREGULAR).find(([, singular]) => singular === word)?.[0];
  if (irregular) return irregular;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh|z)$/.test(word) ? `${word}es` : `${word}s`;
};

/** True for a plural, false for a singular, undefined if it may be either. */
export const isPlural = (word: string): boolean | undefined => {
  if (EITHER.has(word)) return undefined;
  if (IRREGULAR[word]) return true;
  if (/(ed|ing|[^s]ss)$/.test(word) && !/s$/.test(word)) return undefined;
  if (/(ss|us|is)$/.test(word)) return false;
  return /s$/.test(word);
};

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2
    ? (names[0] ?? '')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
