/**
 * The environment without variables that PostgreSQL and its libraries read, in the official image's
 * time zone.
 */
export function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, TZ: 'Etc/UTC' };
  for (const name of Object.keys(env)) if (/^(PG|LC_|LANG)/.test(name)) delete env[name];
  return env;
}

/**
 * The path by which a program of PostgreSQL gets its folder. Root runs it as another user, who may
 * be unable to enter the folders above (such as root's home), but can enter by this name.
 */
export const pathOf = (folder: string) =>
  process.platform === 'linux' && process.getuid?.() === 0 ? '/proc/self/cwd' : folder;
