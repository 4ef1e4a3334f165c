import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A request to a runner: run these test files, now that those files have changed. */
export interface Question {
  readonly changed: readonly string[];
  readonly files: readonly string[];
  /** Run on after a failure. */
  readonly all?: boolean;
}

/** The outcome of one test file. */
export interface FileRun {
  readonly file: string;
  readonly durationMs: number;
  readonly failedTest?: string;
  readonly message?: string;
}
export interface Answer {
  readonly files: readonly FileRun[];
  /** An error outside every test. */
  readonly failed?: string;
}

export interface RunnerOptions {
  /** The workspace, or a copy of it. */
  readonly root: string;
  readonly workers: number;
  readonly env?: Readonly<Record<string, string>>;
}

const entry = fileURLToPath(new URL('./runner-process.ts', import.meta.url));

/** Runs test files in a process of its own, started when it is first needed. */
export class Runner {
  readonly #options: RunnerOptions;
  #child: ChildProcess | undefined;
  /** Files that the last request changed, and that have been restored since. */
  #changedBefore: readonly string[] = [];

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /**
   * Vitest keeps the modules of earlier questions. It reads those that changed anew, and so those that the
   * last question changed: otherwise a fault would stay in force after its file is restored.
   *
   * @returns what came of the files; 'timeout' when it took too long, and the process was ended
   */
  async run(question: Question, timeoutMs: number): Promise<Answer | 'timeout'> {
    this.#child ??= await this.#start();
    const child = this.#child;
    // Closed while it started.
    if (!child?.connected) return { files: [], failed: 'vitest ended' };
    const timeout = AbortSignal.timeout(timeoutMs);
    const died = new AbortController();
    const onExit = () => died.abort();
    child.once('exit', onExit);
    child.send({ ...question, changed: [...question.changed, ...this.#changedBefore] });
    this.#changedBefore = question.changed;
    try {
      const signal = AbortSignal.any([timeout, died.signal]);
      const [answer] = (await once(child, 'message', { signal })) as [Answer];
      return answer;
    } catch (error) {
      await this.close();
      if (timeout.aborted) return 'timeout';
      if (died.signal.aborted) return { files: [], failed: 'vitest ended' };
      throw error;
    } finally {
      child.off('exit', onExit);
    }
  }

  /** Ends the process, its workers and its Postgres. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    // In good order first: vitest then drops what it made. The group goes with it if that hangs.
    child.disconnect();
    const late = setTimeout(() => endGroup(child.pid), 5000);
    await gone;
    clearTimeout(late);
    endGroup(child.pid);
  }

  async #start(): Promise<ChildProcess> {
    const { root, workers, env } = this.#options;
    const child = fork(entry, [root, String(workers)], {
      cwd: root,
      detached: true,
      execArgv: ['--import', import.meta.resolve('tsx')],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    });
    const ready = once(child, 'message');
    const ended = once(child, 'exit').then(() => {
      throw new Error('vitest did not start in the copy of the workspace');
    });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
    return child;
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
