import type { Command } from 'commander';
import pc from 'picocolors';
import { usage } from '../errors.ts';
import { describeNode, nodesOf } from '../explain/plan.ts';
import { runPlans } from '../plans/run-plans.ts';
import { openProject } from '../project.ts';

interface PlansCommandOptions {
  readonly config?: string;
  readonly serverUrl?: string;
  readonly urlEnv: string;
  readonly scales?: string;
  readonly verbose?: boolean;
}

const scalesOf = (text: string): number[] => {
  const scales = text.split(',').map(Number);
  if (scales.some((scale) => !(scale > 0))) throw usage('--scales are numbers: --scales 0.1,1,10');
  return scales;
};

const plansCommand = async (options: PlansCommandOptions): Promise<void> => {
  const { config, name } = await openProject({ config: options.config });
  if (!config.plans) throw usage('audit.config declares no plans');
  const server = options.serverUrl ?? process.env[options.urlEnv];
  if (!server)
    throw usage(`no server for the databases: set ${options.urlEnv}, or pass --server-url`);
  const declared = await config.plans();
  const plans =
    options.scales === undefined ? declared : { ...declared, scales: scalesOf(options.scales) };
  const { calls, findings } = await runPlans(server, plans);
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (options.verbose)
    for (const { query, scale, plans: own, pages } of calls) {
      say(`${query} ${pc.dim(`scale ${scale}, ${own.length} statements, ${pages} pages`)}`);
      for (const { root } of own) say(pc.dim(`  ${nodesOf(root).map(describeNode).join(' › ')}`));
    }
  for (const { query, rule, message } of findings)
    say(`${pc.red(`error ${rule}`)} ${query}: ${message}`);
  say(
    `${name}: ${plans.names.length} hot queries at ${plans.scales.length} scales, ${findings.length} findings`,
  );
  if (findings.length > 0) process.exitCode = 1;
};

/** `audit plans`: the hot queries of a project, in databases made for them. */
export const addPlansCommand = (program: Command): void => {
  program
    .command('plans')
    .description('run the hot queries of audit.config on seeded databases and judge their plans')
    .option('--config <path>', 'audit.config of the project (default: in this folder)')
    .option('--server-url <url>', 'a server on which to make databases, as a superuser')
    .option('--url-env <name>', 'the environment variable that holds its URL', 'DATABASE_URL')
    .option('--scales <list>', 'fractions of the full size, as 0.1,1,10')
    .option('--verbose', 'the plan of every statement')
    .action(plansCommand);
};
