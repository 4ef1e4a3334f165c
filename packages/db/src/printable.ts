/** Text from a file or a page as a terminal may show it: control characters could move its cursor. */
export const printable = (text: string) => text.replace(/\p{Cc}+/gu, ' ');
