// The processes of a PostgreSQL server, for the tests that hurt it and for what removes it. Plain
// JavaScript, because the sweeper runs without a loader.
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

/** A process that has ended but was not yet waited for counts as gone. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return !isLinux || (statOf(pid)?.[0] ?? 'Z') !== 'Z';
}

/** When a process began, to tell it from a later one with the same number; undefined when it is not there. */
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

/** A process, then its children, then theirs. */
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

/** Stops a server's processes where they are; its parent first, so that no more of them are born. */
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
 * Ends a server: by a fast shutdown, or where the data is not kept by an immediate one; after
 * `patienceMs` all its processes are killed.
 */
export async function endServer(pid, { keepsData = true, patienceMs = 10_000 } = {}) {
  if (isWindows) return killFamily(pid);
  const deadline = Date.now() + patienceMs;
  try {
    // In this order: a frozen server reads the signal as it wakes.
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

/** What a server has written into its data folder: its process, its state, its shared memory. */
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

/** When a process began, in seconds since 1970, and what it is called. */
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
 * Whether a process is the server that wrote the file, and not another that got its number since. By
 * its name and start, because in a container even root may not read the working folder of a process.
 */
function isServer({ pid, startedAt }) {
  if (!isAlive(pid)) return false;
  if (isWindows) return true;
  try {
    const found = describeProcess(pid);
    // The server notes the time once it runs, on a busy machine a while after its process began.
    return found.command.includes('postgres') && Math.abs(found.startedAt - startedAt) < 30;
  } catch {
    return false;
  }
}

/**
 * Ends the server that a killed process has left on a data folder, and removes what it leaves when it
 * was killed itself: its lock file, which PostgreSQL would take for that of any process which has got
 * its number since, and its few bytes of System V shared memory.
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
      // Gone already, or the machine was started anew.
    }
  }
  await rm(join(dataFolder, 'postmaster.pid'), { force: true });
  return ran;
}
