import type { ConnectionOptions } from 'node:tls';
import type { ConnectionTarget } from './connection-target.ts';
import { tlsOptions } from './tls.ts';

/** The part of node-postgres' `ClientConfig` that a connection URL decides. */
export interface NodePostgresConfig {
  host: string;
  port: number;
  ssl: false | ConnectionOptions;
  keepAlive: boolean;
  connectionTimeoutMillis: number;
  user?: string;
  password?: string;
  database?: string;
  application_name?: string;
  options?: string;
  sslnegotiation?: 'direct';
  keepAliveInitialDelayMillis?: number;
}

/**
 * The configurations for node-postgres (`pg`) to try in this order, because it supports neither
 * several hosts nor `sslmode=prefer`: one for each host, and with `prefer` two, with TLS and
 * without. See `connectFirst`.
 *
 * @throws ConnectionUrlError naming the parameter whose file can't be read
 */
export function nodePostgresConfigs(target: ConnectionTarget): readonly NodePostgresConfig[] {
  const tls = tlsOptions(target);
  const encryptions = tls === 'prefer' ? [{ rejectUnauthorized: false }, false as const] : [tls];
  return target.hosts.flatMap(({ host, port }) =>
    encryptions.map((ssl) => ({
      // pg takes the directory of a socket as a host.
      host: target.socketDirectory ?? host,
      port,
      ssl: target.socketDirectory ? false : ssl,
      ...common(target),
      ...(ssl && target.tls?.direct && { sslnegotiation: 'direct' as const }),
    })),
  );
}

function common(target: ConnectionTarget) {
  const { application_name, search_path, options } = target.startup;
  const settings = [options, search_path && `-c search_path=${escaped(search_path)}`];
  const sent = settings.filter(Boolean).join(' ');
  return {
    keepAlive: target.keepAliveSeconds !== 0,
    connectionTimeoutMillis: (target.connectTimeoutSeconds ?? 15) * 1000,
    ...(target.user !== undefined && { user: target.user }),
    ...(target.password !== undefined && { password: target.password }),
    ...(target.database !== undefined && { database: target.database }),
    ...(application_name && { application_name }),
    ...(sent && { options: sent }),
    ...(target.keepAliveSeconds && { keepAliveInitialDelayMillis: target.keepAliveSeconds * 1000 }),
  };
}

/** A value within `options`, which the server splits at spaces. */
const escaped = (value: string) => value.replace(/[\\\s]/g, '\\$&');
