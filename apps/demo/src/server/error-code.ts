const codes = [
  'NOT_FOUND',
  'CONFLICT',
  'FORBIDDEN',
  'INVALID_INPUT',
  'UNAVAILABLE',
  'USAGE',
  'SEALING',
  'DATABASE',
] as const;
export type ErrorCode = (typeof codes)[number] | 'UNKNOWN';

/** @returns the code of a package's error; by the code and not the class, of which a bundle may hold two */
export function codeOf(error: unknown): ErrorCode {
  if (!(error instanceof Error) || !('code' in error)) return 'UNKNOWN';
  return codes.find((code) => code === error.code) ?? 'UNKNOWN';
}
