import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { TakeError } from '../errors.ts';
import type { Edit } from '../lock.ts';
import type { Choices, Needed, Plan } from '../plan/plan.ts';
import { tablePatterns } from '../plan/plan-pieces.ts';
import { setInJson } from './json-text.ts';
import { readJson } from './read-host.ts';

const pnpmFile = 'pnpm-workspace.yaml';

/** The values that a plan needs in the host's own files, for its package manager. */
export function editsFor(root: string, plan: Plan, choices: Choices): Edit[] {
  return [
    ...dependencyEdits(root, plan.needed, choices),
    ...workspaceEdits(root, plan, choices),
    ...patchEdits(root, plan, choices),
    ...buildEdits(root, plan, choices),
    ...schemaEdits(root, plan, choices),
  ];
}

const manifestOf = (root: string, file: string): Record<string, Record<string, unknown>> =>
  Object(readJson(join(root, file)));

/** Existing entries stay, whatever their version. */
function dependencyEdits(root: string, needed: readonly Needed[], { project }: Choices): Edit[] {
  const file = join(project, 'package.json').replaceAll('\\', '/');
  const manifest = manifestOf(root, file);
  const catalog: Record<string, unknown> = Object(
    Reflect.get(Object(readYaml(root)), 'catalog') ?? {},
  );
  return needed.flatMap(({ name, range, isDev }) => {
    const section = isDev ? 'devDependencies' : 'dependencies';
    const has = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
    if (has.some((key) => name in (manifest[key] ?? {}))) return [];
    return [{ file, path: [section, name], value: name in catalog ? 'catalog:' : range }];
  });
}

function workspaceEdits(root: string, plan: Plan, { manager, project, into }: Choices): Edit[] {
  if (plan.workspaces.length === 0) return [];
  const pattern = join(project, into, '*').replaceAll('\\', '/');
  const [file, path] =
    manager === 'pnpm' ? [pnpmFile, ['packages']] : ['package.json', ['workspaces']];
  const present = manager === 'pnpm' ? readYaml(root) : readJson(join(root, file));
  const listed: unknown = Reflect.get(Object(present), path[0] ?? '');
  const nested: unknown = Reflect.get(Object(listed), 'packages');
  const known = textsIn(Array.isArray(listed) ? listed : nested);
  if (known.some((one) => covers(one, pattern))) return [];
  const key = Array.isArray(nested) ? [...path, 'packages'] : path;
  const before = known.length > 0 ? known : undefined;
  return [{ file, path: key, value: [...known, pattern], before }];
}

const covers = (one: string, pattern: string): boolean => {
  const plain = one.replace(/^\.\//, '').replace(/\/$/, '');
  return plain === pattern || (plain.endsWith('/**') && pattern.startsWith(plain.slice(0, -2)));
};

/**
 * Each manager's patch of a package: pnpm and bun name the patch, yarn resolves to it, and for the
 * others kit's program applies it after every install.
 */
function patchEdits(root: string, plan: Plan, { manager, project, into }: Choices): Edit[] {
  if (!plan.patch) return [];
  const { version } = plan.patch;
  const patch = join(project, into, plan.patch.path).replaceAll('\\', '/');
  const named = `postgres@${version}`;
  switch (manager) {
    case 'pnpm':
      return [{ file: pnpmFile, path: ['patchedDependencies', named], value: patch }];
    case 'bun':
      return [{ file: 'package.json', path: ['patchedDependencies', named], value: patch }];
    case 'yarn': {
      const value = `patch:postgres@npm%3A${version}#./${patch}`;
      return [{ file: 'package.json', path: ['resolutions', `postgres@npm:${version}`], value }];
    }
    default: {
      const scripts = manifestOf(root, 'package.json').scripts ?? {};
      const before = scripts.postinstall;
      if (String(before).includes('patch-postgres')) return [];
      const value = before === undefined ? 'patch-postgres' : `${before} && patch-postgres`;
      return [{ file: 'package.json', path: ['scripts', 'postinstall'], value, before }];
    }
  }
}

/** pnpm stops at a package whose install script is neither allowed nor refused. */
function buildEdits(root: string, plan: Plan, { manager }: Choices): Edit[] {
  if (manager !== 'pnpm') return [];
  const known: unknown = Reflect.get(Object(readYaml(root)), 'allowBuilds');
  return Object.entries(plan.allowBuilds)
    .filter(([name]) => !(name in Object(known ?? {})))
    .map(([name, value]) => ({ file: pnpmFile, path: ['allowBuilds', name], value }));
}

/** drizzle-kit must know the new tables; otherwise the next migration would drop them. */
function schemaEdits(root: string, plan: Plan, { project, into, migrations }: Choices): Edit[] {
  if (plan.tables.length === 0 || migrations === undefined) return [];
  const config = drizzleConfigOf(join(root, project));
  if (!config) return [];
  const file = join(project, config.name).replaceAll('\\', '/');
  const wanted = tablePatterns(into, plan.tables).map((pattern) => `'${pattern}'`);
  const before = /\bschema:\s*(\[[^\]]*\]|'[^']*'|"[^"]*"|`[^`]*`)/.exec(config.text)?.[0];
  if (!before)
    throw new TakeError(
      `Write \`schema\` in ${file} as a list with ${wanted.join(', ')} in it, and take again.`,
    );
  const added = wanted.filter((pattern) => !before.includes(pattern)).join(', ');
  if (added === '') return [];
  const [, list, one] = /^schema:\s*(?:\[([^\]]*)\]|(.*))$/s.exec(before) ?? [];
  const known = (list ?? one ?? '').trim().replace(/,$/, '');
  return [{ file, path: ['schema'], value: `schema: [${known}, ${added}]`, before }];
}

/** A project's drizzle-kit configuration, and the folder of its migrations. */
export function drizzleConfigOf(
  project: string,
): { name: string; text: string; out: string } | undefined {
  for (const name of ['drizzle.config.ts', 'drizzle.config.mts', 'drizzle.config.cts']) {
    const path = join(project, name);
    if (!existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    const out = /\bout:\s*['"`]([^'"`]+)['"`]/.exec(text)?.[1] ?? 'drizzle';
    return { name, text, out: out.replace(/^\.\//, '').replace(/\/$/, '') };
  }
  return undefined;
}

function readYaml(root: string): unknown {
  const path = join(root, pnpmFile);
  return existsSync(path) ? parseDocument(readFileSync(path, 'utf8')).toJS() : undefined;
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** A file's text with an edit made. */
export function applyEdit(text: string, edit: Edit): string {
  return setValue(text, edit, edit.value);
}

/** A file's text with an edit undone; a value that the host changed since stays. */
export function undoEdit(text: string, edit: Edit): string {
  if (/\.[mc]?ts$/.test(edit.file))
    return text.replace(String(edit.value), () => String(edit.before));
  const isOurs = JSON.stringify(valueAt(text, edit.path)) === JSON.stringify(edit.value);
  if (!isOurs) return text;
  const undone = setValue(text, edit, edit.before);
  const parent = edit.path.slice(0, -1);
  const isEmpty = Object.keys(Object(valueAt(undone, parent))).length === 0;
  return edit.madeParent && isEmpty
    ? setValue(undone, { ...edit, path: parent }, undefined)
    : undone;
}

/** True if the object for an edit's value does not exist yet. */
export const lacksParent = (text: string, { file, path }: Edit): boolean =>
  !/\.[mc]?ts$/.test(file) && path.length > 1 && valueAt(text, path.slice(0, -1)) === undefined;

/** One reader for both, because JSON is YAML. */
const valueAt = (text: string, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (parent, key) => Reflect.get(Object(parent), key),
    parseDocument(text).toJS(),
  );

function setValue(text: string, { file, path, before }: Edit, value: unknown): string {
  if (/\.[mc]?ts$/.test(file)) return text.replace(String(before), () => String(value));
  if (file.endsWith('.json')) {
    const [section = '', key] = path;
    // Package managers write one dependency a line; another new value adds one line.
    const isNew = key !== undefined && path.length === 2 && valueAt(text, [section]) === undefined;
    return isNew && value !== undefined && !/^(dev)?dependencies$/i.test(section)
      ? setInJson(text, [section], { [key]: value })
      : setInJson(text, path, value);
  }
  const document = parseDocument(text);
  if (value === undefined) document.deleteIn([...path]);
  else document.setIn([...path], value);
  return document.toString({ lineWidth: 0 });
}
