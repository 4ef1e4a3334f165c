import { z } from 'zod';
import { databaseUrl } from '../server/databases.ts';
import { runTool } from '../tools/run-tool.ts';
import { type Fact, fact } from './observed.ts';

const writes = z.object({
  writes: z.number(),
  refused: z.array(z.string()),
  longestMs: z.number(),
});
const renamed = z.object({
  direct: z.object({ level: z.string(), message: z.string() }).optional(),
  steps: z.array(z.string()),
  left: z.array(z.string()),
  formerWrites: writes,
  nextWrites: writes,
  different: z.number(),
  kept: z.number(),
  rows: z.number(),
});

const writesOf = (what: string, seen: z.output<typeof writes>) =>
  fact(
    what,
    seen.refused[0] ?? `${seen.writes} writes, none refused; the longest took ${seen.longestMs} ms`,
    seen.writes > 0 && seen.refused.length === 0,
  );

/** A column renamed in the steps of a plan, in a scratch copy, while two releases write to its table. */
export async function seeRename(): Promise<Fact[]> {
  const answer = await runTool('rename-column', { TASKS_DATABASE_URL: databaseUrl('tasks') });
  const { direct, steps, left, formerWrites, nextWrites, different, kept, rows } =
    renamed.parse(answer);
  return [
    fact(
      'The review of “rename column”, in one statement',
      direct ? `${direct.level}: ${direct.message}` : 'found nothing',
      direct?.level === 'danger',
    ),
    fact('The plan’s migrations instead', steps.join(', '), steps.length > 1),
    writesOf('The present release writes max_duration until the last step', formerWrites),
    writesOf('The next release writes max_minutes, beside it and after it', nextWrites),
    fact('Rows in which the two columns differ', String(different), different === 0),
    fact('Rows with their value after the last step', `${kept} of ${rows}`, kept === rows),
    fact('Left for you, since it names the old column', left.join(', ') || 'nothing', true),
  ];
}
