/** A parameter of an address that is meant to stand there once; the first one counts. */
export const oneValue = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'object' ? value[0] : value;
