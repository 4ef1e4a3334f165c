// Reviews every migration of a package as a deployment of its own. Prints the findings as JSON.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { review } from '@reference/migrator';

const folder = process.env.MIGRATIONS ?? '';
const names = (await readdir(folder))
  .filter((name) => name.endsWith('.sql') && !name.endsWith('.down.sql'))
  .sort();
const files = await Promise.all(
  names.map(async (name) => ({ name, sql: await readFile(join(folder, name), 'utf8') })),
);
const findings = await review(files, { deployed: 'each', squawk: false });
console.log(
  JSON.stringify(
    findings.map(({ file, line, level, rule, message, lock }) => ({
      file,
      line,
      level,
      rule,
      message,
      lock: lock && `${lock.mode} on ${lock.on}, held ${lock.held}`,
    })),
  ),
);
