/** The table of an object in one, `schema.table.column`, in the server's spelling. */
export const tableOf = (name: string): string =>
  /^((?:"(?:[^"]|"")*"|[^."])+\.(?:"(?:[^"]|"")*"|[^."])+)\./.exec(name)?.[1] ?? '';

/** The same without the table. */
export const leafOf = (name: string): string => name.slice(tableOf(name).length + 1);
