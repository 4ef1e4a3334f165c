import { readFile, writeFile } from 'node:fs/promises';
import { AuditError, messageOf } from './errors.ts';
import type { Report } from './finding.ts';
import { isObject } from './model/entity.ts';
import { fingerprint } from './run-rules.ts';

export const BASELINE = 'audit.baseline.json';

/**
 * Reads the known findings of a project.
 *
 * @returns `rule object` of each, or undefined if there is no such file
 */
export const readBaseline = async (path: string): Promise<Set<string> | undefined> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new AuditError('config', 1, `cannot read ${path}: ${messageOf(error)}`, error);
  }
  try {
    const read: unknown = JSON.parse(text);
    const list = isObject(read) && Array.isArray(read.findings) ? read.findings : undefined;
    if (!list) throw new Error('it holds no list of findings');
    return new Set(
      list.filter(isObject).map(({ rule, object }) => `${String(rule)} ${String(object)}`),
    );
  } catch (error) {
    throw new AuditError('config', 1, `${path} is not a baseline: ${messageOf(error)}`, error);
  }
};

/** Writes every finding that is not waived, without places, because lines move and objects stay. */
export const writeBaseline = async (path: string, reports: readonly Report[]): Promise<number> => {
  const kept = reports.flatMap(({ findings }) =>
    findings
      .filter(({ waived }) => waived === undefined)
      .flatMap(({ rule, object, also = [] }) =>
        [object, ...also].map((one) => ({ rule, object: one })),
      ),
  );
  const unique = [...new Map(kept.map((finding) => [fingerprint(finding), finding])).values()];
  const findings = unique
    .map(({ rule, object }) => ({ rule, object }))
    .sort((a, b) => fingerprint(a).localeCompare(fingerprint(b)));
  await writeFile(path, `${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`);
  return findings.length;
};
