// The processes of a PostgreSQL server, for fault tests and for removal. Plain JavaScript, because
// the sweeper runs without a loader.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const isWindows = process.platform === 'win32';
const isLinux = process.platform === 'linux';

/** Fields of /proc/PID/stat after the command's name, which may hold spaces and brackets. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** False for a process that has ended but was not yet waited for. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return !isLinux || (statOf(pid)?.[0] ?? 'Z') !== 'Z';
}

/**
 * The start of a process, to distinguish it from a later one with the same number; undefined if
 * there is none.
 */
export function startOf(pid) {
  if (!isAlive(pid)) return undefined;
  if (isLinux) return statOf(pid)?.[19];
  if (isWindows) return '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Every process and its parent. */
function parents() {
  if (isLinux) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(statOf(name)?.[1])]);
  }
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return text.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
}

/** A process, its children, and theirs. */
function family(pid) {
  const all = parents();
  const found = [pid];
  for (const member of found) {
    for (const [child, parent] of all) if (parent === member) found.push(child);
  }
  return found;
}

function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/** Freezes a server's processes, the parent first, so that it starts no more. */
export function freeze(pid) {
  if (isWindows) throw new Error('Windows cannot freeze a process.');
  signal([pid], 'SIGSTOP');
  signal(family(pid), 'SIGSTOP');
}

export function thaw(pid) {
  signal(family(pid).reverse(), 'SIGCONT');
}

/** Ends all processes of a server at once; resolves when none is left. */
export async function killFamily(pid) {
  if (isWindows) {
    execFileSync('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  freeze(pid);
  const members = family(pid);
  signal(members, 'SIGKILL');
  while (members.some(isAlive)) await setTimeout(5);
}

/**
 * Ends a server by a fast shutdown, or by an immediate one if its data is not kept; after
 * `patienceMs` it kills all processes.
 */
export async function endServer(pid, { keepsData = true, patienceMs = 10_000 } = {}) {
  if (isWindows) return killFamily(pid);
  const deadline = Date.now() + patienceMs;
  try {
    // In this order, because a frozen server reads the signal when it wakes.
    signal([pid], keepsData ? 'SIGINT' : 'SIGQUIT');
    thaw(pid);
  } catch (error) {
    if (isAlive(pid)) throw error;
  }
  while (isAlive(pid)) {
    if (Date.now() > deadline) return killFamily(pid);
    await setTimeout(10);
  }
}

/** Reads a server's process, state and shared memory from its data folder. */
export async function readPidFile(dataFolder) {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!pid) return undefined;
  return {
    pid,
    startedAt: Number(lines[2]),
    state: lines[7]?.trim() ?? '',
    sharedMemory: lines[6]?.trim().split(/\s+/)[1],
  };
}

/** A process's start, in seconds since 1970, and its name. */
function describeProcess(pid) {
  if (isLinux) {
    const boot = Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    // In hundredths of a second, on every Linux that Node runs on.
    const startedAt = boot + Number(statOf(pid)?.[19]) / 100;
    return { startedAt, command: readFileSync(`/proc/${pid}/comm`, 'utf8') };
  }
  const text = execFileSync('ps', ['-o', 'lstart=', '-o', 'comm=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  }).trim();
  const [, lstart = '', command = ''] = /^(.{24})\s+(.*)$/.exec(text) ?? [];
  return { startedAt: Date.parse(lstart) / 1000, command };
}

/**
 * True if a process is the server that wrote the file, and not a later one with its number. It
 * compares name and start, because in a container even root may not read a process's working
 * folder.
 */
function isServer({ pid, startedAt }) {
  if (!isAlive(pid)) return false;
  if (isWindows) return true;
  try {
    const found = describeProcess(pid);
    // The server records the time once it runs, on a busy machine a while after its process began.
    return found.command.includes('postgres') && Math.abs(found.startedAt - startedAt) < 30;
  } catch {
    return false;
  }
}

/**
 * Ends the server that a killed process left on a data folder, and removes the remains of a killed
 * server: its lock file, which PostgreSQL would ascribe to a later process with its number, and its
 * System V shared memory.
 * @returns whether a server ran
 */
export async function endServerOn(dataFolder, options) {
  const left = await readPidFile(dataFolder);
  if (!left) return false;
  const ran = isServer(left);
  if (ran) await endServer(left.pid, options);
  if ((await readPidFile(dataFolder))?.pid !== left.pid) return ran;
  if (left.sharedMemory && !isWindows) {
    try {
      execFileSync('ipcrm', ['-m', left.sharedMemory], { stdio: 'ignore' });
    } catch {
      // Removed already, or the machine was restarted.
    }
  }
  await rm(join(dataFolder, 'postmaster.pid'), { force: true });
  return ran;
}
