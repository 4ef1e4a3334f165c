import { createInterface } from 'node:readline/promises';

/**
 * Runs a command's work. A failure becomes one line on stderr and exit code 1; the kit's and the
 * migrator's messages say what to do and hold no secret, so the line is all there is to print.
 */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/** Asks a person; without a terminal the answer is no. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(`${question} (yes/no) `)).trim().toLowerCase() === 'yes';
  } finally {
    prompt.close();
  }
}
