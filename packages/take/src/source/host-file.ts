/** Marks a path of the host's own among the paths of this repository. */
const mark = 'host:';

/** A file of the host, from its project's folder, that replaces one of this repository. */
export const hostFile = (path: string): string => `${mark}${path}`;

export const isHostFile = (path: string): boolean => path.startsWith(mark);

/** The path in the project's folder. */
export const pathInHost = (path: string): string => path.slice(mark.length);
