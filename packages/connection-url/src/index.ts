export { connectFirst } from './connect-first.ts';
export type { ConnectionTarget, TargetSession } from './connection-target.ts';
export { parseConnectionUrl } from './connection-url.ts';
export { ConnectionUrlError } from './error.ts';
export { type NodePostgresConfig, nodePostgresConfigs } from './node-postgres.ts';
export { remoteHosts } from './remote-hosts.ts';
export { tlsOptions } from './tls.ts';
