import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { audit } from '../audit.ts';
import { BASELINE, writeBaseline } from '../baseline.ts';
import { usage } from '../errors.ts';
import { failsOn } from '../finding.ts';
import type { Casing } from '../model/casing.ts';
import { explainRule } from '../report/explain-rule.ts';
import { FORMATS, formatReport, isFormat } from '../report/report.ts';
import { rules } from '../rules/index.ts';
import type { Severity } from '../rules/rule.ts';

interface AuditCommandOptions {
  readonly config?: string;
  readonly drizzle?: string;
  readonly schema?: string[];
  readonly queries?: string[];
  readonly casing?: Casing;
  readonly url?: string;
  readonly urlEnv?: string;
  readonly format: string;
  readonly output?: string;
  readonly failOn: Severity;
  readonly baseline: string;
  readonly writeBaseline?: boolean;
  readonly explain?: string;
  readonly rules?: boolean;
}

const ruleNamed = (id: string) => {
  const rule = rules.find((candidate) => candidate.id === id);
  if (!rule) throw usage(`there is no rule "${id}"; --rules lists them`);
  return rule;
};

const urlOf = (options: AuditCommandOptions): string | undefined => {
  if (options.url !== undefined) return options.url;
  if (options.urlEnv === undefined) return undefined;
  const url = process.env[options.urlEnv];
  if (!url) throw usage(`${options.urlEnv} is not set`);
  return url;
};

const auditCommand = async (options: AuditCommandOptions): Promise<void> => {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (options.explain !== undefined) return void say(explainRule(ruleNamed(options.explain)));
  if (options.rules)
    return void say(rules.map(({ id, title }) => `${id.padEnd(28)} ${title}`).join('\n'));
  const { format } = options;
  if (!isFormat(format)) throw usage(`--format is one of ${FORMATS.join(', ')}`);
  const report = await audit({
    config: options.config,
    drizzle: options.drizzle,
    schema: options.schema,
    queries: options.queries,
    casing: options.casing,
    url: urlOf(options),
    // GitHub needs paths from the root of the repository for annotations and alerts.
    root:
      format === 'sarif' || format === 'github'
        ? process.env.GITHUB_WORKSPACE || undefined
        : undefined,
    ...(options.writeBaseline ? {} : { baseline: options.baseline }),
  });
  if (options.writeBaseline) {
    const written = await writeBaseline(options.baseline, [report]);
    say(`${pc.green('✓')} ${options.baseline}: ${written} findings are known from now on`);
    return;
  }
  const text = formatReport(report, format);
  if (options.output !== undefined) {
    await writeFile(options.output, `${text}\n`);
    say(`${pc.green('✓')} ${options.output}`);
  } else if (text) say(text);
  if (failsOn(report, options.failOn)) process.exitCode = 1;
};

/** `audit`, the default command, also called `check`. */
export const addAuditCommand = (program: Command): void => {
  program
    .command('check', { isDefault: true })
    .description('check a schema against the rules; exit 1 on errors')
    .option('--config <path>', 'audit.config of the project (default: in this folder)')
    .option('--drizzle <path>', 'its drizzle.config (default: in this folder)')
    .option('--schema <paths...>', 'files, folders or patterns of the schema instead')
    .option('--queries <paths...>', 'the query modules (default: this folder is searched)')
    .addOption(
      new Option('--casing <casing>', 'of columns without a name').choices([
        'snake_case',
        'camelCase',
      ]),
    )
    .option('--url <url>', 'a database to audit as well; better kept in the environment')
    .option('--url-env <name>', 'the environment variable that holds the URL')
    .option('--format <format>', FORMATS.join(', '), 'table')
    .option('--output <path>', 'a file instead of the terminal')
    .addOption(
      new Option('--fail-on <severity>', 'the least severity that fails the run')
        .choices(['error', 'warning', 'info'])
        .default('error'),
    )
    .option('--baseline <path>', 'findings that are known and do not fail a run', BASELINE)
    .option(
      '--write-baseline',
      'record all present findings, so that only new ones fail from now on',
    )
    .option('--explain <rule>', 'a rule with its reason and examples')
    .option('--rules', 'list the rules, one a line')
    .action(auditCommand);
};
