/** A Postgres server for fault tests, with an address that stays the same over restarts. */
export type PostgresServer = {
  /** Superuser URL of the database `postgres`. */
  url: string;
  /** SIGKILL: every connection is lost at once. */
  kill(): Promise<void>;
  /** Orderly stop (fast shutdown): every connection is terminated. */
  stop(): Promise<void>;
  /** Starts it again after `kill` or `stop`; Postgres may answer a moment later. */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Freezes all its processes: connections stay open and nothing answers. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Log lines of crashed server processes, each of which ended every connection. */
  crashes(): Promise<string[]>;
  /** Removes it and its data. */
  remove(): Promise<void>;
};

/** A primary and a streaming replica of it. */
export interface ReplicatedServer {
  readonly primaryUrl: string;
  readonly replicaUrl: string;
  stop(): Promise<void>;
}
