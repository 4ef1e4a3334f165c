import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { type Session, withSession } from '../catalog/connection.ts';
import { messageOf, usage } from '../errors.ts';
import { explain } from '../explain/explain.ts';
import { asText } from '../explain/report.ts';
import { readStatements, type Statement } from '../explain/statements-file.ts';
import { loadSchema } from '../load/schema.ts';
import type { Model } from '../model/model.ts';
import { openProject } from '../project.ts';

interface ExplainCommandOptions {
  readonly config?: string;
  readonly drizzle?: string;
  readonly schema?: string[];
  readonly url?: string;
  readonly urlEnv: string;
  readonly params?: string;
  readonly file?: string;
  readonly top?: string;
  readonly planOnly?: boolean;
  readonly build?: boolean;
  readonly format: string;
}

const valuesOf = (text: string | undefined): unknown[] | undefined => {
  if (text === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read)) return read;
  } catch {
    // Falls through to the message.
  }
  throw usage('--params is a JSON list: --params \'["id", 5]\'');
};

/** The statements that took the most time on the server, by pg_stat_statements. */
const busiest = async (session: Session, limit: number): Promise<Statement[]> => {
  const rows = await session
    .rows<{ text: string; calls: number; totalTime: number }>(
      `select query as text, calls::float8 as calls, total_exec_time as "totalTime" from pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database()) and query ~* '^\\s*(select|with|update|delete)'
       order by total_exec_time desc limit $1`,
      [limit],
    )
    .catch((error: unknown) => {
      throw usage(`--top reads pg_stat_statements: ${messageOf(error)}`);
    });
  return rows;
};

/** The schema of the project in which the command runs, if any, for the suggested code. */
const declaredBy = async ({
  config,
  drizzle,
  schema,
}: ExplainCommandOptions): Promise<Model | undefined> => {
  try {
    const project = await openProject({ config, drizzle, schema });
    if (project.schema.length === 0) return undefined;
    return (await loadSchema(project.schema, project.casing)).model;
  } catch (error) {
    if (config !== undefined || drizzle !== undefined || schema !== undefined) throw error;
    // Without a schema, the explanation uses the names of the database.
    process.stderr.write(`${pc.yellow(`· the schema is not read: ${messageOf(error)}`)}\n`);
    return undefined;
  }
};

const headOf = ({ calls, totalTime }: Statement): string =>
  [
    ...(calls === undefined ? [] : [`${calls} calls`]),
    ...(totalTime === undefined ? [] : [`${totalTime.toFixed(0)} ms in all`]),
  ].join(', ');

const explainCommand = async (
  statement: string | undefined,
  options: ExplainCommandOptions,
): Promise<void> => {
  const url = options.url ?? process.env[options.urlEnv];
  if (!url) throw usage(`no database: set ${options.urlEnv}, or pass --url`);
  const values = valuesOf(options.params);
  const declared = await declaredBy(options);
  await withSession(url, async (session) => {
    let statements: Statement[];
    if (options.file !== undefined)
      statements = readStatements(options.file, await readFile(options.file, 'utf8'));
    else if (options.top !== undefined)
      statements = await busiest(session, Number(options.top) || 10);
    else if (statement !== undefined) statements = [{ text: statement }];
    else throw usage('give a statement, --file or --top');
    const single = statements.length === 1;
    const explanations: unknown[] = [];
    for (const one of statements) {
      try {
        const explanation = await explain(session, one.text, {
          values,
          planOnly: options.planOnly,
          build: options.build,
          declared,
        });
        explanations.push(explanation);
        if (options.format !== 'json') {
          const head = headOf(one);
          process.stdout.write(
            `${head ? `${pc.dim(head)}\n` : ''}${asText(explanation)}\n${single ? '' : '\n'}`,
          );
        }
      } catch (error) {
        if (single) throw error;
        process.stdout.write(
          `${pc.yellow(`· not explained: ${messageOf(error)}`)}\n  ${one.text.slice(0, 100)}\n\n`,
        );
      }
    }
    if (options.format === 'json')
      process.stdout.write(
        `${JSON.stringify(single ? explanations[0] : explanations, undefined, 2)}\n`,
      );
  });
};

/** `audit explain`: why a statement is slow, and the index that helps. */
export const addExplainCommand = (program: Command): void => {
  program
    .command('explain')
    .description('show the plan of a slow statement, its costly nodes, and the index that helps')
    .argument('[statement]', 'SQL, with $1, $2 for parameters')
    .option('--config <path>', 'audit.config of the project (default: in this folder)')
    .option('--drizzle <path>', 'its drizzle.config (default: in this folder)')
    .option('--schema <paths...>', 'files, folders or patterns of the schema instead')
    .option('--url <url>', 'the database; better kept in the environment')
    .option('--url-env <name>', 'the environment variable that holds the URL', 'DATABASE_URL')
    .option(
      '--params <json>',
      'values for the parameters, as a JSON list; the statement is then run',
    )
    .option('--file <path>', 'many statements: pg_stat_statements as .json or .csv, or .sql')
    .option('--top <n>', 'the statements that took the most time, from pg_stat_statements')
    .option('--plan-only', 'do not run the statement')
    .option('--build', 'build the indexes on a copy, even if the server has hypopg')
    .option('--format <format>', 'text or json', 'text')
    .action(explainCommand);
};
