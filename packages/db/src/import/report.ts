import { printable } from '../printable.ts';
import type { ImportSummary } from './import-folder.ts';

/** Problems that a report names one by one. */
const maxNamed = 20;

/** The result of an import, as lines to print. */
export function reportLines(summary: ImportSummary, durationMs: number): string[] {
  const { drive, created, updated, unchanged, trashed, problems, otherFiles } = summary;
  const lines = [
    `${drive.name}: ${created} pages created, ${updated} updated, ${unchanged} unchanged, ${trashed} trashed;` +
      ` ${summary.mentionsAdded} mentions added, ${summary.mentionsRemoved} removed` +
      ` (${(durationMs / 1000).toFixed(1)} s).`,
  ];
  if (summary.restored > 0) lines.push(`${summary.restored} came back from the trash.`);
  if (otherFiles > 0) lines.push(`${otherFiles} files of other kinds were left out.`);
  if (problems.length > 0) lines.push(`${problems.length} could not be imported:`);
  for (const { path, reason } of problems.slice(0, maxNamed)) {
    lines.push(`  ${printable(path)}: ${reason}`);
  }
  if (problems.length > maxNamed) lines.push(`  and ${problems.length - maxNamed} more`);
  return lines;
}
