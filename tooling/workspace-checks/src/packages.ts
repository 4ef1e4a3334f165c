// pnpm check:packages   packs every package that is published and looks at it as a stranger would: publint (is
// the manifest right?), are-the-types-wrong (do the declarations resolve?), and a program that imports it.
import pc from 'picocolors';
import { run } from './command.ts';
import { consume, linkPacked, pack, removePacked } from './packed.ts';
import { readWorkspace, root } from './workspace.ts';

const published = (await readWorkspace()).filter(({ manifest }) => !manifest.private);
try {
  const tarballs = new Map<string, string>();
  for (const entry of published) tarballs.set(entry.folder, await pack(entry));
  for (const entry of published) await linkPacked(entry, published);
  for (const entry of published) {
    const tarball = tarballs.get(entry.folder) ?? '';
    const outcomes = await Promise.all([
      run('publint', ['run', tarball, '--strict'], root),
      // These are ES modules: how CommonJS or an older resolver would see them does not matter.
      run('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'], root),
      consume(entry),
    ]);
    const problems = outcomes.flat().filter(({ failed }) => failed);
    console.log(`${problems.length === 0 ? pc.green('✓') : pc.red('✗')} ${entry.manifest.name}`);
    for (const { output } of problems) console.log(output);
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  for (const entry of published) await removePacked(entry);
}
