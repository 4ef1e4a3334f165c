import type { ConnectionTarget } from './connection-target.ts';

/** The names of this machine; a path is a Unix socket on it. */
const here = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\/.*)$/i;

/**
 * The hosts of a connection other than this machine, each once, in the order in which they are
 * tried.
 */
export const remoteHosts = ({ hosts }: ConnectionTarget): string[] => [
  ...new Set(hosts.map(({ host }) => host).filter((host) => !here.test(host))),
];
