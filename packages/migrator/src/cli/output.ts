/** Writes a line of a command's result, not of its progress, to stdout. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Removes text that looks like the password of a URL. */
export const withoutPasswords = (text: string): string =>
  text.replace(/(postgres(?:ql)?:\/\/[^:@/\s]*):[^@\s]*@/g, '$1:***@');
