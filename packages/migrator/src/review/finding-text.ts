import { blockedBy, type Finding, isBlocking, type Level } from './finding.ts';

/** The lock of a finding as a sentence. */
export const lockLine = ({ lock }: Finding): string | undefined =>
  lock &&
  `takes ${lock.mode} on ${lock.on} ${lock.held}: ${blockedBy(lock.mode)} wait, and everyone behind it`;

/** Counts by level, worst first: "2 data loss, 1 danger". */
export const summaryOf = (findings: readonly Finding[]): string => {
  const levels: Level[] = ['data loss', 'danger', 'caution'];
  const parts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return count > 0 ? [`${count} ${level}`] : [];
  });
  const open = findings.filter(isBlocking).length;
  if (parts.length === 0) return 'nothing to say';
  return `${parts.join(', ')}${open > 0 ? `; ${open} to acknowledge with "-- migrator: allow RULE: REASON"` : ''}`;
};
