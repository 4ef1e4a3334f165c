/**
 * Runs a command's work. A failure becomes one line on stderr and exit code 1: messages of kit and of the
 * migrator say what to do and hold no secret, so the line is all there is to print.
 */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
