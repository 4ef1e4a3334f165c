import Table from 'cli-table3';
import pc from 'picocolors';
import type { Compatibility, DeploymentState, Incompatibility } from './compatible.ts';

const RELEASE = { former: 'the former release', next: 'the next release' } as const;
const MOST_SENDERS = 3;

const firstLines = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
};

const where = (state: string): string =>
  state === 'before' ? 'before the new migrations' : `after ${state}`;

const stateTable = (states: readonly DeploymentState[], released: string): string => {
  const table = new Table({
    head: ['schema', RELEASE.former, RELEASE.next],
    style: { head: [], border: [] },
  });
  const cell = (failed: number | undefined) => {
    if (failed === undefined) return 'not looked at';
    return failed === 0 ? pc.green('runs') : pc.red(`${failed} fail`);
  };
  for (const { name, former, next } of states)
    table.push([
      `${where(name)}${name === released ? '  ← the next release starts' : ''}`,
      cell(former),
      cell(next),
    ]);
  return table.toString();
};

/** Groups equal problems of a table, because a new check concerns every statement that writes. */
const grouped = (problems: readonly Incompatibility[]): Incompatibility[][] => {
  const groups = new Map<string, Incompatibility[]>();
  for (const problem of problems) {
    const { certain, release, state, statement, message } = problem;
    const key = [certain, release, state, certain ? statement : '', message].join('\0');
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()];
};

const describe = (group: readonly Incompatibility[]): string => {
  const [first] = group;
  if (!first) return '';
  const { certain, release, state, sqlstate, message } = first;
  const shown = group
    .slice(0, MOST_SENDERS)
    .map(
      ({ sender, statement }) =>
        `    ${sender === undefined ? '' : `${sender}: `}${firstLines(statement)}`,
    );
  if (group.length > MOST_SENDERS) shown.push(`    and ${group.length - MOST_SENDERS} more`);
  return `${certain ? pc.red('✗') : pc.yellow('·')} ${RELEASE[release]}, ${where(state)}: ${certain ? '' : 'may fail: '}${message} (SQLSTATE ${sqlstate})\n${shown.join('\n')}`;
};

const advice = ({ better, problems, released, states }: Compatibility): string => {
  const last = states.at(-1)?.name;
  if (!problems.some(({ certain }) => certain)) {
    const rest =
      last === undefined || last === released
        ? ''
        : ' Apply the rest when every instance runs the next release.';
    return `${pc.green('✓')} both releases run on this database while one replaces the other.${rest}`;
  }
  if (better === undefined)
    return 'There is no moment at which both releases run. Do it in steps: migrator plan rename-column|change-type|add-required|split-table writes them.';
  if (better === 'before')
    return 'Start the next release first, and migrate when every instance runs it.';
  return `Apply the migrations up to ${better} (--until ${better}), start the next release, and apply the rest when every instance runs it.`;
};

/** The report of a comparison of two releases, for a terminal. */
export const formatCompatibility = (result: Compatibility): string => {
  const { judged, notJudged, problems, released, states } = result;
  return [
    `${judged.former} statements of the former release, ${judged.next} of the next${notJudged.length > 0 ? `; ${notJudged.length} cannot be judged, because the schema of their own release refuses them (--json lists them)` : ''}`,
    stateTable(states, released),
    ...grouped(problems).map(describe),
    advice(result),
  ].join('\n');
};
