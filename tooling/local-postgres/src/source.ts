/** The source of a test run's Postgres. */
export type Source = 'docker' | 'given' | 'embedded';

export type SourceChoice = {
  source: Source;
  /** True if the environment names it; then a missing source is a failure, never a fallback. */
  demanded: boolean;
};

/**
 * Decides by the environment alone: `TEST_DATABASE=docker|embedded`, else `TEST_DATABASE_URL`, else
 * Docker (the caller falls back to embedded if no engine answers).
 * @throws Error when TEST_DATABASE is neither `docker` nor `embedded`
 */
export function chooseSource(env: NodeJS.ProcessEnv): SourceChoice {
  const named = env.TEST_DATABASE;
  if (named === 'docker' || named === 'embedded') return { source: named, demanded: true };
  if (named) throw new Error(`TEST_DATABASE is "${named}"; set it to "docker" or "embedded".`);
  if (env.TEST_DATABASE_URL) return { source: 'given', demanded: true };
  return { source: 'docker', demanded: false };
}
