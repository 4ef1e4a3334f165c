/** A name as a regular expression takes it literally: `price($)` is a column's name as well. */
export const literally = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
