import type { Command } from 'commander';
import pc from 'picocolors';
import { usage } from '../errors.ts';
import { describeNode, nodesOf } from '../explain/plan.ts';
import { failsOn, openFindings } from '../finding.ts';
import { NOTHING } from '../model/model.ts';
import { placed } from '../plans/place-queries.ts';
import { runPlans } from '../plans/run-plans.ts';
import { openProject } from '../project.ts';
import { placeText, sentence } from '../report/place.ts';
import { FORMATS, formatReport, isFormat } from '../report/report.ts';
import { runRules } from '../run-rules.ts';

interface PlansCommandOptions {
  readonly config?: string;
  readonly serverUrl?: string;
  readonly urlEnv: string;
  readonly scales?: string;
  readonly verbose?: boolean;
  readonly format: string;
}

const scalesOf = (text: string): number[] => {
  const scales = text.split(',').map(Number);
  if (scales.some((scale) => !(scale > 0)))
    throw usage('--scales are numbers of rows: --scales 1000,100000,1000000');
  return scales;
};

const plansCommand = async (options: PlansCommandOptions): Promise<void> => {
  const { format } = options;
  if (!isFormat(format)) throw usage(`--format is one of ${FORMATS.join(', ')}`);
  const started = performance.now();
  const { config, name, folder } = await openProject({ config: options.config });
  if (!config.plans) throw usage('audit.config declares no plans');
  const server = options.serverUrl ?? process.env[options.urlEnv];
  if (!server)
    throw usage(`no server for the databases: set ${options.urlEnv}, or pass --server-url`);
  const declared = await config.plans();
  const plans =
    options.scales === undefined ? declared : { ...declared, scales: scalesOf(options.scales) };
  const { calls, judged } = await runPlans(server, plans);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (options.verbose)
    for (const { query, scale, plans: own, pages } of calls) {
      say(`${query} ${pc.dim(`scale ${scale}, ${own.length} statements, ${pages} pages`)}`);
      for (const { root } of own) say(pc.dim(`  ${nodesOf(root).map(describeNode).join(' › ')}`));
    }
  const report = runRules(
    { ...NOTHING, plans: await placed(judged, folder) },
    { config, has: new Set(['plans']), project: name, started },
  );
  const about = { ...report, rules: report.rules.filter(({ group }) => group === 'plans') };
  const growth = plans.names.map((query) => ({
    query,
    pages: Object.fromEntries(
      calls.filter((call) => call.query === query).map(({ scale, pages }) => [scale, pages]),
    ),
  }));
  // Measurements belong in the report that a program reads.
  if (format === 'json') say(JSON.stringify({ ...about, queries: growth }, undefined, 2));
  else if (format !== 'table') say(formatReport(about, format));
  else {
    for (const finding of openFindings(about))
      say(
        `${pc.red(`${finding.severity} ${finding.rule}`)} ${placeText(finding)} ${sentence(finding)}`,
      );
    for (const { rule, object, waived } of about.findings)
      if (waived !== undefined) say(pc.dim(`waived ${rule} ${object}: ${waived}`));
    say(
      `${name}: ${plans.names.length} hot queries at ${plans.scales.length} scales, ${openFindings(about).length} findings`,
    );
  }
  if (failsOn(about, 'error')) process.exitCode = 1;
};

/** `audit plans`: the hot queries of a project, in databases made for them. */
export const addPlansCommand = (program: Command): void => {
  program
    .command('plans')
    .description('run the hot queries of audit.config on seeded databases and judge their plans')
    .option('--config <path>', 'audit.config of the project (default: in this folder)')
    .option('--server-url <url>', 'a server on which to make databases, as a superuser')
    .option('--url-env <name>', 'the environment variable that holds its URL', 'DATABASE_URL')
    .option('--scales <list>', 'rows of the main table, as 1000,100000,1000000')
    .option('--format <format>', FORMATS.join(', '), 'table')
    .option('--verbose', 'the plan of every statement')
    .action(plansCommand);
};
