// Applies every migration of the tasks package to an empty database of its own, takes them back and
// applies them again. Prints what it saw as JSON.
import { scratchOnServer, verify } from '@reference/migrator';
import { migrationsFolder } from '@reference/tasks';

const start = performance.now();
const { problems, reversed, irreversible } = await verify({
  folder: migrationsFolder,
  scratch: scratchOnServer(process.env.TASKS_DATABASE_URL ?? ''),
});
const ms = Math.round(performance.now() - start);
console.log(JSON.stringify({ problems, reversed, irreversible, ms }));
