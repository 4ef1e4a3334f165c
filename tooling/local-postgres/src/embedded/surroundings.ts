/** Without the variables that PostgreSQL and its libraries read; in the time zone of the official image. */
export function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, TZ: 'Etc/UTC' };
  for (const name of Object.keys(env)) if (/^(PG|LC_|LANG)/.test(name)) delete env[name];
  return env;
}

/**
 * The path by which a program of PostgreSQL is given its folder. Root runs it as another user, who
 * may be unable to enter the folders above (root's home, most of all): by this name it gets in all the same.
 */
export const pathOf = (folder: string) =>
  process.platform === 'linux' && process.getuid?.() === 0 ? '/proc/self/cwd' : folder;
