import type { ConnectionTarget } from './connection-target.ts';

/** The names of this machine; a path is a Unix socket, which is here too. */
const here = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\/.*)$/i;

/** Those hosts of a connection that are not this machine, each once, in the order in which they are tried. */
export const remoteHosts = ({ hosts }: ConnectionTarget): string[] => [
  ...new Set(hosts.map(({ host }) => host).filter((host) => !here.test(host))),
];
