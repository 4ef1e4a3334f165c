/**
 * Tells whether a path that a scan does not list may still exist, because the path itself or a
 * folder above it was left out. Absence proves a deletion only if this is false.
 *
 * @param path a file's, or a folder's with `/` at its end
 * @param leftOut the paths of a scan's problems and skipped entries
 */
export function isUnread(path: string, leftOut: ReadonlySet<string>): boolean {
  const bare = path.replace(/\/$/, '');
  for (let end = bare.length; end > 0; end = bare.lastIndexOf('/', end - 1)) {
    // A link or a pipe that replaced a folder is listed without the slash.
    const above = bare.slice(0, end);
    if (leftOut.has(above) || leftOut.has(`${above}/`)) return true;
  }
  return false;
}
