// A vitest that stays warm: it keeps the Postgres server, the migrated templates and the transformed
// modules from one run to the next. The parent sends what changed and which files to run; a run that
// hangs is ended with this process.
import { resolve } from 'node:path';
import { createVitest } from 'vitest/node';
import type { Answer, Question } from './runner.ts';

const [root = '', workers = '2'] = process.argv.slice(2);
const vitest = await createVitest(
  'test',
  {
    root,
    watch: false,
    bail: 1,
    reporters: [{}],
    passWithNoTests: true,
    maxWorkers: Number(workers),
    silent: true,
  },
  { logLevel: 'silent' },
);
await vitest.globTestSpecifications();
process.send?.({ ready: true });

process.on('message', (question: Question) => {
  answer(question).then(tell, (error: unknown) =>
    tell({ failed: `vitest: ${String(error)}`, files: [] }),
  );
});
process.on('disconnect', () => void vitest.close().finally(() => process.exit()));

/** The parent may be gone, or want no answer any more. */
function tell(given: Answer): void {
  if (process.connected) process.send?.(given);
}

async function answer({ changed, files, all }: Question): Promise<Answer> {
  for (const file of changed) vitest.invalidateFile(resolve(root, file));
  vitest.config.bail = all ? 0 : 1;
  for (const project of vitest.projects) project.config.bail = all ? 0 : 1;
  const specs = files.flatMap((file) => vitest.getModuleSpecifications(resolve(root, file)));
  if (specs.length === 0) throw new Error(`no test file of ${files.join(', ')} is known`);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specs, false);
  // Vitest also tells what it knows of files that ran before.
  const asked = new Set(files.map((file) => resolve(root, file)));
  const ran = testModules
    .filter(({ moduleId }) => asked.has(moduleId))
    .map((module) => {
      const failed = [...module.children.allTests('failed')][0];
      const [error] = [...(failed?.result().errors ?? []), ...module.errors()];
      const hook = [...module.children.allSuites()].flatMap((suite) => suite.errors())[0];
      const message = error?.message ?? hook?.message;
      return {
        file: module.moduleId.slice(root.length + 1),
        durationMs: Math.round(module.diagnostic().duration),
        ...(failed ? { failedTest: failed.fullName } : {}),
        ...(message === undefined ? {} : { message: message.slice(0, 300) }),
      };
    });
  const [unhandled] = unhandledErrors;
  const text = unhandled instanceof Error ? unhandled.message : String(unhandled ?? '');
  return { files: ran, ...(text ? { failed: text.slice(0, 300) } : {}) };
}
