// local-only VARIABLE -- command…   runs the command if the URL in VARIABLE names this machine
import { spawnSync } from 'node:child_process';
import { requireLocalUrl } from './local-address.ts';

const [variable, separator, command, ...args] = process.argv.slice(2);
if (!variable || separator !== '--' || !command) {
  console.error('usage: local-only VARIABLE -- command [arguments]');
  process.exitCode = 3;
} else {
  try {
    requireLocalUrl(variable, process.env);
    const { status } = spawnSync(command, args, {
      stdio: 'inherit',
      // Windows finds a package's command through its .cmd file only in a shell.
      shell: process.platform === 'win32',
    });
    process.exitCode = status ?? 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
