export type Casing = 'snake_case' | 'camelCase';

const words = (text: string): string[] =>
  text.replace(/['\u2019]/g, '').match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [];

const toSnake = (text: string): string =>
  words(text)
    .map((word) => word.toLowerCase())
    .join('_');

const toCamel = (text: string): string =>
  words(text)
    .map((word, place) =>
      place === 0 ? word.toLowerCase() : `${word[0]?.toUpperCase()}${word.slice(1).toLowerCase()}`,
    )
    .join('');

/** The database's name of a column that was declared without one, by drizzle-orm's casing. */
export const cased = (key: string, casing: Casing | undefined): string => {
  if (casing === 'snake_case') return toSnake(key);
  return casing === 'camelCase' ? toCamel(key) : key;
};
