/** Writes a line to the standard output: what a command was asked for, as opposed to its progress. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
