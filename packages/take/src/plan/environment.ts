/** Variables that every system sets. */
const BY_THE_SYSTEM = ['HOME', 'PATH', 'TEMP', 'TMPDIR', 'USER'];

/** Names of the environment variables that code reads: `process.env.NAME`, `requireUrl(process.env, 'NAME')`. */
export function environmentOf(files: readonly { readonly text: string }[]): string[] {
  const pattern = /process\.env(?:\.([A-Z][A-Z0-9_]*)|,\s*'([A-Z][A-Z0-9_]*)')/g;
  const names = files.flatMap(({ text }) =>
    [...text.matchAll(pattern)].flatMap((match) => match[1] ?? match[2] ?? []),
  );
  return [...new Set(names)].filter((name) => !BY_THE_SYSTEM.includes(name)).sort();
}
