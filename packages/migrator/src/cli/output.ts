/** Writes a line to the standard output: what a command was asked for, as opposed to its progress. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Removes what looks like the password of a URL, whatever wrote it. */
export const withoutPasswords = (text: string): string =>
  text.replace(/(postgres(?:ql)?:\/\/[^:@/\s]*):[^@\s]*@/g, '$1:***@');
