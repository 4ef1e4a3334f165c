import { createInterface } from 'node:readline/promises';

/** Asks the user; without a terminal the answer is no. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(`${question} (yes/no) `)).trim().toLowerCase() === 'yes';
  } finally {
    prompt.close();
  }
}
