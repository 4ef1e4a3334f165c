import type { Logger } from 'pino';
import { z } from 'zod';
import { parseConnectionUrl } from './connection-url.ts';
import { InvalidInputError } from './errors.ts';
import type { TraceStatement } from './trace.ts';

const milliseconds = z.int().min(0);

/** Zod's messages would quote the URL and its password; this message says only what is wrong. */
const url = z
  .string({ error: 'is missing; expected postgres://user:password@host:5432/database' })
  .superRefine((value, context) => {
    try {
      parseConnectionUrl(value);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      context.addIssue({
        code: 'custom',
        message: error.message.replace(/^The connection URL(?:'s)? |\.$/g, ''),
      });
    }
  });

const configSchema = z.strictObject({
  /** `postgres://user:password@host:5432/database`, with libpq's parameters: see `parseConnectionUrl` */
  url,
  /** Seen in pg_stat_activity. Default: the URL's, or `postgres-reference`. */
  applicationName: z.string().min(1).max(63).optional(),
  /** Connections at most. Default: the URL's `connection_limit`, or 10. */
  max: z.int().min(1).max(500).optional(),
  /** An unused connection is closed after this long; 0 keeps it. */
  idleTimeoutSeconds: z.int().min(0).default(60),
  /** Default: the URL's `connect_timeout`, or 5. */
  connectTimeoutSeconds: z.number().min(0.1).optional(),
  /** The server ends a statement after this long; 0 never. */
  statementTimeoutMs: milliseconds.default(30_000),
  /**
   * The client gives up after this long without an answer and destroys the connection: for a server
   * that is frozen or cut off, which can't keep its own timeout. 0 never.
   */
  deadlineMs: milliseconds.default(35_000),
  /** Default: what the URL's `sslmode` says; without one, no TLS. */
  ssl: z
    .union([
      z.boolean(),
      z.enum(['require', 'allow', 'prefer', 'verify-full']),
      z.record(z.string(), z.unknown()),
    ])
    .optional(),
  /**
   * False behind a pooler in transaction mode that has no support for prepared statements.
   * Default: true, unless the URL says `pgbouncer=true`.
   */
  prepare: z.boolean().optional(),
  logger: z
    .custom<Logger>((value) => typeof value === 'object' && value !== null && 'warn' in value)
    .optional(),
  /** Statements slower than this are logged at level warn. */
  slowQueryMs: milliseconds.default(500),
  /**
   * Called with a statement's text when it is sent, in the caller's asynchronous context: for counting
   * and tracing. Opening and ending a transaction are not statements.
   */
  onStatement: z.custom<(text: string) => void>((value) => typeof value === 'function').optional(),
  /**
   * Follows each statement, for development. It is called like `onStatement`, with the text and the
   * place in the caller's code. The function that it returns is called when the statement has
   * settled, with time, rows and the parameters' types. Capturing a stack costs some 20 µs a
   * statement.
   */
  trace: z.custom<TraceStatement>((value) => typeof value === 'function').optional(),
  /** URLs of read replicas: `db.select` and `db.query` go to one of them, writes and transactions to `url`. */
  replicas: z.array(url).default([]),
});

/** Options of `createClient`; all but `url` have a default. */
export type ClientConfig = z.input<typeof configSchema>;
/** A checked config with its defaults filled in. */
export type CheckedConfig = z.output<typeof configSchema>;

/**
 * Checks a client's config.
 * @throws InvalidInputError naming every wrong setting, and no setting's value
 */
export function checkConfig(config: ClientConfig): CheckedConfig {
  const checked = configSchema.safeParse(config);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(
    (issue) => `${issue.path.join('.') || 'config'} ${issue.message}`,
  );
  throw new InvalidInputError(`The database client's config is wrong: ${problems.join('; ')}.`);
}

/**
 * A database URL from the environment.
 *
 * @param name the variable, named in the error
 * @throws InvalidInputError when it is missing or no PostgreSQL URL; the message holds no part of it
 */
export function requireUrl(environment: NodeJS.ProcessEnv, name: string): string {
  const checked = url.safeParse(environment[name]);
  if (checked.success) return checked.data;
  throw new InvalidInputError(
    `${name} ${checked.error.issues[0]?.message}. Set it in the environment or in .env; .env.example shows one.`,
  );
}
