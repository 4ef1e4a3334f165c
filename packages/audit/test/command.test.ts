import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './command.ts';

const project = fileURLToPath(
  new URL(`../node_modules/.cache/command-${process.pid}/`, import.meta.url),
);

const SCHEMA = `import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
export const visits = pgTable('visits', {
  path: text('path').notNull(),
  at: timestamp('at'),
});
export const users = pgTable('users', { id: uuid('id').defaultRandom().primaryKey() });
`;

const config = (text: string) => writeFile(join(project, 'audit.config.ts'), text);

beforeAll(async () => {
  await mkdir(join(project, 'src'), { recursive: true });
  await writeFile(join(project, 'src', 'schema.ts'), SCHEMA);
  await writeFile(
    join(project, 'drizzle.config.ts'),
    `export default { dialect: 'postgresql', schema: './src/*.ts' };`,
  );
});
afterAll(() => rm(project, { recursive: true, force: true }));

describe('a project with a drizzle.config and no database', () => {
  test('errors exit with 1; each finding has its place', async () => {
    const { code, out } = await run(['--format', 'editor'], project);
    expect(code).toBe(1);
    expect(out).toContain('src/schema.ts:2:14: error primary-key: visits: has no primary key\n');
    expect(out).toContain('src/schema.ts:4:3: warning timestamp-zone: visits.at:');
  });

  test('the table says which rules hold, why, and what to do', async () => {
    const { out } = await run([], project);
    expect(out).toMatch(/primary-key\s*│ error\s*│ fail/);
    expect(out).toContain('src/schema.ts:2:14 visits: has no primary key');
    expect(out).toContain('Every table has a primary key. Without a key');
    expect(out).toContain("id: uuid('id').defaultRandom().primaryKey()");
  });

  test('json, sarif, github and html say the same', async () => {
    const json = JSON.parse((await run(['--format', 'json'], project)).out);
    const zone = json.findings.find(({ rule }: { rule: string }) => rule === 'timestamp-zone');
    expect(zone.location).toEqual({ file: 'src/schema.ts', line: 4, column: 3 });
    const sarif = JSON.parse((await run(['--format', 'sarif'], project)).out);
    expect(sarif.version).toBe('2.1.0');
    const [result] = sarif.runs[0].results;
    expect(sarif.runs[0].tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'src/schema.ts' },
      region: { startLine: 2, startColumn: 14 },
    });
    for (const { locations } of sarif.runs[0].results) expect(locations).toHaveLength(1);
    const github = (await run(['--format', 'github'], project)).out;
    const inCi = await run(['--format', 'github'], project, {
      GITHUB_WORKSPACE: dirname(project.replace(/\/$/, '')),
    });
    expect(inCi.out).toContain(`file=${basename(project)}/src/schema.ts,line=2`);
    expect(github).toMatch(/^::error file=src\/schema.ts,line=2,col=14,title=primary-key::visits/m);
    const html = (await run(['--format', 'html', '--output', 'report.html'], project)).code;
    expect(html).toBe(1);
    expect(await readFile(join(project, 'report.html'), 'utf8')).toContain('src/schema.ts:2:14');
  });

  test('a waiver needs a reason, is printed with it, and does not fail the run', async () => {
    await config(
      `export default { waivers: [{ rule: 'primary-key', at: 'visits', reason: 'Rows are only ever counted, never named.' }, { rule: 'primary-key', at: 'gone', reason: 'A table that there is no more.' }] };`,
    );
    const waived = await run([], project);
    expect(waived.code).toBe(0);
    expect(waived.out).toContain('waived: Rows are only ever counted, never named.');
    expect(waived.out).toContain('a waiver accepts nothing any more: primary-key at gone');
    expect((await run(['--fail-on', 'warning'], project)).code).toBe(1);
    await config(
      `export default { waivers: [{ rule: 'primary-key', at: 'visits', reason: '' }] };`,
    );
    const without = await run([], project);
    expect([without.code, without.err]).toEqual([3, expect.stringContaining('needs a reason')]);
    await config(`export default { rules: { 'primary-key': 'off' } };`);
    expect((await run([], project)).out).toMatch(/primary-key\s*│ error\s*│ off/);
    await config(`export default { rules: { 'no-such-rule': 'off' } };`);
    expect((await run([], project)).code).toBe(3);
    await rm(join(project, 'audit.config.ts'));
  });

  test('with a baseline, only what is new fails', async () => {
    expect((await run(['--write-baseline'], project)).code).toBe(0);
    const known = await run([], project);
    expect(known.code).toBe(0);
    expect(known.out).toMatch(/in the baseline/);
    const more = `${SCHEMA}export const more = pgTable('more', { a: text('a') });\n`;
    await writeFile(join(project, 'src', 'schema.ts'), `// lines move\n${more}`);
    const changed = await run(['--format', 'editor'], project);
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/error primary-key: more: /);
    expect(changed.out).not.toMatch(/visits/);
    await writeFile(join(project, 'src', 'schema.ts'), SCHEMA);
    await rm(join(project, 'audit.baseline.json'));
  });

  test('--explain tells a rule with its examples, --schema needs no configuration', async () => {
    const { code, out } = await run(['--explain', 'primary-key'], project);
    expect(code).toBe(0);
    expect(out).toContain('Bad:');
    const other = await run(['--schema', 'schema.ts', '--format', 'editor'], join(project, 'src'));
    expect(other.out).toContain('schema.ts:2:14: error primary-key');
    expect((await run(['--explain', 'nothing'], project)).code).toBe(3);
    expect((await run(['--format', 'xml'], project)).code).toBe(3);
  });
});

test('where there is nothing to audit, the command says what to pass', async () => {
  const { code, err } = await run([], join(project, 'src'));
  expect([code, err]).toEqual([3, expect.stringContaining('--schema')]);
});
