/**
 * Keeps the modules of a project, which run in this process, from ending it (a check of the environment
 * that calls `process.exit`) and from writing into the report.
 *
 * @returns the real exit
 */
export const holdProject = (): typeof process.exit => {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    throw new Error(`it ends the process (exit code ${code ?? 0})`);
  };
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
  return exit;
};
