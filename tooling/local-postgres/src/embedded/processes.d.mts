export function isAlive(pid: number): boolean;
export function startOf(pid: number): string | undefined;
export function freeze(pid: number): void;
export function thaw(pid: number): void;
export function killFamily(pid: number): Promise<void>;

type End = { keepsData?: boolean; patienceMs?: number };

export function endServer(pid: number, options?: End): Promise<void>;
export function readPidFile(dataFolder: string): Promise<
  | {
      pid: number;
      startedAt: number;
      state: string;
      sharedMemory: string | undefined;
    }
  | undefined
>;
export function endServerOn(dataFolder: string, options?: End): Promise<boolean>;
