import { hashOf, type Migration, readDirectives } from './migration.ts';
import { readText, withoutBom } from './text.ts';

/** The paths of a migration's files. */
export type Paths = Pick<Migration, 'path' | 'downPath' | 'snapshotPath'>;

/**
 * Reads the files of one migration.
 *
 * @returns undefined when its SQL file is missing
 * @throws MigratorError `folder` when a file is not UTF-8
 */
export const buildMigration = async (
  name: string,
  position: number,
  createdAt: number,
  paths: Paths,
): Promise<Migration | undefined> => {
  const [text, downText] = await Promise.all([readText(paths.path), readText(paths.downPath)]);
  if (text === undefined) return undefined;
  const sql = withoutBom(text);
  const down = downText === undefined ? undefined : withoutBom(downText);
  return {
    name,
    position,
    createdAt,
    ...paths,
    sql,
    hash: hashOf(text),
    directives: readDirectives(sql),
    ...(down === undefined ? {} : { down }),
  };
};
