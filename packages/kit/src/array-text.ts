/**
 * An array as PostgreSQL writes it, `{a,"b c",NULL,{…}}`. postgres.js and Drizzle read a null in it as
 * the text `NULL`: https://www.postgresql.org/docs/17/arrays.html#ARRAYS-IO
 *
 * @param element reads an element's text; without it, elements stay text
 */
export function parseArray(text: string, element?: (text: string) => unknown): unknown[] {
  // Bounds that do not start at 1 come first: `[0:2]={…}`.
  const start = text.indexOf('{');
  return readList(text, start + 1, element).items;
}

function readList(text: string, from: number, element: ((text: string) => unknown) | undefined) {
  const items: unknown[] = [];
  let at = from;
  while (at < text.length && text[at] !== '}') {
    if (text[at] === ',') {
      at++;
    } else if (text[at] === '{') {
      const inner = readList(text, at + 1, element);
      items.push(inner.items);
      at = inner.end;
    } else {
      const { value, quoted, end } =
        text[at] === '"' ? readQuoted(text, at + 1) : readBare(text, at);
      const isNull = !quoted && value.toUpperCase() === 'NULL';
      items.push(isNull ? null : element ? element(value) : value);
      at = end;
    }
  }
  return { items, end: at + 1 };
}

function readQuoted(text: string, from: number) {
  let end = from;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return { value: text.slice(from, end).replace(/\\([\s\S])/g, '$1'), quoted: true, end: end + 1 };
}

function readBare(text: string, from: number) {
  let end = from;
  while (end < text.length && text[end] !== ',' && text[end] !== '}') end++;
  return { value: text.slice(from, end), quoted: false, end };
}
