/** One of the compiler's errors. */
export interface TypeFault {
  /** Relative to the package, `file(line,column)`. */
  readonly place: string;
  /** `TS2305`, and what the compiler says of it. */
  readonly cause: string;
}

export interface Obstacle {
  readonly cause: string;
  readonly count: number;
  readonly first: string;
}

/**
 * The errors in a compiler's output that are the package's own: a package is compiled together with
 * the sources of those it uses, and their errors are counted where they stand.
 */
export function readTypeErrors(output: string): TypeFault[] {
  const faults: TypeFault[] = [];
  for (const line of output.split('\n')) {
    const match = /^(\S.*\(\d+,\d+\)): error (TS\d+): (.*)$/.exec(line);
    if (!match) continue;
    const [, place = '', code = '', message = ''] = match;
    if (!place.startsWith('..')) faults.push({ place, cause: `${code} ${summaryOf(message)}` });
  }
  return faults;
}

/** The causes of errors, the most frequent first. */
export function obstaclesOf(faults: readonly TypeFault[]): Obstacle[] {
  const byCause = new Map<string, TypeFault[]>();
  for (const fault of faults) {
    const same = byCause.get(fault.cause) ?? [];
    byCause.set(fault.cause, [...same, fault]);
  }
  return [...byCause]
    .map(([cause, same]) => ({ cause, count: same.length, first: same[0]?.place ?? '' }))
    .sort((a, b) => b.count - a.count || a.cause.localeCompare(b.cause));
}

const longest = 90;

/** Types of tables are thousands of characters long; a cause is recognised by its beginning. */
function summaryOf(message: string): string {
  const short = message.replaceAll(/import\("[^"]*\/([^/"]+)"\)/g, 'import("$1")');
  return short.length > longest ? `${short.slice(0, longest)}…` : short;
}
