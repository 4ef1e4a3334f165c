/** A name escaped for a regular expression, because `price($)` is a column's name as well. */
export const literally = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
