const here = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/**
 * The URL in an environment variable, if every host that a client would try is this machine.
 * @throws Error when the variable is unset, is no URL, or names another host; without the password
 */
export function requireLocalUrl(variable: string, env: NodeJS.ProcessEnv): string {
  const value = env[variable];
  if (!value) throw new Error(`${variable} is not set. Copy .env.example to .env, or set it.`);
  for (const host of hostsOf(value, variable, env)) {
    // A path is a socket of this machine.
    if (!here.has(host) && !host.startsWith('/')) {
      throw new Error(
        `${variable} points at ${host}. This command overwrites a schema without a migration to review, ` +
          'reverse or repeat, so it runs only against a database on this machine. ' +
          'Elsewhere: pnpm db:generate, then pnpm db:migrate.',
      );
    }
  }
  return value;
}

/**
 * Clients take hosts from the authority (several, by comma), from `?host=`, and from PGHOST if it
 * is empty.
 */
function hostsOf(value: string, variable: string, env: NodeJS.ProcessEnv): string[] {
  const [, authority, query = ''] =
    /^postgres(?:ql)?:\/\/([^/?#]*)[^?#]*(\?[^#]*)?/.exec(value) ?? [];
  if (authority === undefined) throw new Error(`${variable} is not a postgres:// URL.`);
  const listed = authority.slice(authority.lastIndexOf('@') + 1).split(',');
  const parameters = new URLSearchParams(query);
  const others = [...parameters.getAll('host'), ...parameters.getAll('hostaddr')];
  const named = [...listed, ...others.flatMap((hosts) => hosts.split(','))]
    .map((host) => decodeURIComponent(host.replace(/:\d*$/, '')))
    .filter((host) => host !== '');
  return named.length > 0 ? named : [env.PGHOST ?? 'localhost'];
}
