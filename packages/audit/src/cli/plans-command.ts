import type { Command } from 'commander';
import pc from 'picocolors';
import { usage } from '../errors.ts';
import { describeNode, nodesOf } from '../explain/plan.ts';
import { failsOn, openFindings } from '../finding.ts';
import { NOTHING } from '../model/model.ts';
import { placed } from '../plans/place-queries.ts';
import { type PlannedCall, runPlans } from '../plans/run-plans.ts';
import { openProject } from '../project.ts';
import { placeText, sentence } from '../report/place.ts';
import { FORMATS, formatReport, isFormat } from '../report/report.ts';
import { runRules } from '../run-rules.ts';

interface PlansCommandOptions {
  readonly config?: string;
  readonly serverUrl?: string;
  readonly urlEnv: string;
  readonly scales?: string;
  readonly time?: string;
  readonly verbose?: boolean;
  readonly format: string;
}

const scalesOf = (text: string): number[] => {
  const scales = text.split(',').map(Number);
  if (scales.some((scale) => !(scale > 0)))
    throw usage('--scales are numbers of rows: --scales 1000,100000,1000000');
  return scales;
};

const callsOf = (text: string): number => {
  const calls = Number(text);
  if (!Number.isInteger(calls) || calls < 1) throw usage('--time is a number of calls: --time 30');
  return calls;
};

/** One measurement of a query at every scale. */
const byScale = (
  calls: readonly PlannedCall[],
  figure: (call: PlannedCall) => number | undefined,
): Record<string, number | undefined> =>
  Object.fromEntries(calls.map((call) => [call.scale, figure(call)]));

const timesOf = (milliseconds: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(milliseconds)
    .map(([scale, time]) => `${scale}: ${time === undefined ? '–' : `${time.toFixed(2)} ms`}`)
    .join(', ');

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
  const timed = options.time === undefined ? 0 : callsOf(options.time);
  const { calls, judged } = await runPlans(server, plans, { timed });
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
  const growth = plans.names.map((query) => {
    const own = calls.filter((call) => call.query === query);
    return {
      query,
      pages: byScale(own, ({ pages }) => pages),
      ...(timed > 0 && { milliseconds: byScale(own, ({ milliseconds }) => milliseconds) }),
    };
  });
  // The measurements, for programs.
  if (format === 'json') say(JSON.stringify({ ...about, queries: growth }, undefined, 2));
  else if (format !== 'table') say(formatReport(about, format));
  else {
    for (const { query, milliseconds } of growth)
      if (milliseconds) say(`${query} ${pc.dim(timesOf(milliseconds))}`);
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

/** `audit plans`: runs the hot queries of a project in databases made for them. */
export const addPlansCommand = (program: Command): void => {
  program
    .command('plans')
    .description('run the hot queries of audit.config on seeded databases and judge their plans')
    .option('--config <path>', 'audit.config of the project (default: in this folder)')
    .option('--server-url <url>', 'a server on which to make databases, as a superuser')
    .option('--url-env <name>', 'the environment variable that holds its URL', 'DATABASE_URL')
    .option('--scales <list>', 'rows of the main table, as 1000,100000,1000000')
    .option('--time <calls>', 'also time this many calls of each query, and give the median')
    .option('--format <format>', FORMATS.join(', '), 'table')
    .option('--verbose', 'the plan of every statement')
    .action(plansCommand);
};
