import { describe, expect, it } from 'vitest';
import { ConnectionUrlError, parseConnectionUrl, remoteHosts, tlsOptions } from '../src/index.ts';

const read = (url: string) => parseConnectionUrl(url);

describe('a connection URL', () => {
  it.each([
    [
      'postgres://u:p@h:1/d',
      { user: 'u', password: 'p', database: 'd', hosts: [{ host: 'h', port: 1 }] },
    ],
    [
      'postgresql://h',
      {
        user: undefined,
        password: undefined,
        database: undefined,
        hosts: [{ host: 'h', port: 5432 }],
      },
    ],
    ['postgres:///d', { database: 'd', hosts: [{ host: 'localhost', port: 5432 }] }],
    ['postgres://u:@h/d', { user: 'u', password: '' }],
    ['postgres://u%40x:p%2Fq%25@h/d%20e', { user: 'u@x', password: 'p/q%', database: 'd e' }],
    ['postgres://u:p@ss#w:rd@h/d', { password: 'p@ss#w:rd', hosts: [{ host: 'h', port: 5432 }] }],
    ['postgres://u:p@[::1]:6/d', { hosts: [{ host: '::1', port: 6 }] }],
    [
      'postgres://a:1,b,[fe80::1]:3/d',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 5432 },
          { host: 'fe80::1', port: 3 },
        ],
      },
    ],
    [
      'postgres:///d?host=a,b&port=1,2',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
    [
      'postgres:///d?host=/var/run/postgresql&port=7',
      { socketDirectory: '/var/run/postgresql', hosts: [{ host: '/var/run/postgresql', port: 7 }] },
    ],
    ['postgres://%2Fvar%2Frun/d', { socketDirectory: '/var/run' }],
    ['postgres://h/d?user=x&password=y&dbname=z', { user: 'x', password: 'y', database: 'z' }],
    [
      'postgres://h/d?hostaddr=10.0.0.1&host=db.example.com',
      { serverName: 'db.example.com', hosts: [{ host: '10.0.0.1', port: 5432 }] },
    ],
    ['postgres://h/d?schema=app', { startup: { search_path: '"app"' } }],
    [
      'postgres://h/d?options=-c%20work_mem%3D7MB&application_name=a',
      { startup: { options: '-c work_mem=7MB', application_name: 'a' } },
    ],
    [
      'postgres://h/d?pgbouncer=true&connection_limit=3&connect_timeout=9',
      { pooler: true, connectionLimit: 3, connectTimeoutSeconds: 9 },
    ],
    ['postgres://h/d?keepalives=1&keepalives_idle=30', { keepAliveSeconds: 30 }],
    ['postgres://h/d?target_session_attrs=any', { targetSession: undefined }],
    ['postgres://h/d?target_session_attrs=primary', { targetSession: 'primary' }],
    ['postgres://h/d?client_encoding=UTF8&gssencmode=prefer&sslcompression=0', { startup: {} }],
  ])('%s is understood', (url, parts) => {
    expect(read(url)).toMatchObject(parts);
  });

  it.each([
    ['postgres://h/d', false],
    ['postgres://h/d?sslmode=disable', false],
    ['postgres://h/d?sslmode=prefer', 'prefer'],
    ['postgres://h/d?sslmode=allow', 'prefer'],
    ['postgres://h/d?sslmode=require', { rejectUnauthorized: false }],
    ['postgres://h/d?ssl=true', { rejectUnauthorized: false }],
    ['postgres://h/d?sslmode=verify-full', { rejectUnauthorized: true }],
    [
      'postgres://h/d?sslmode=verify-ca',
      { rejectUnauthorized: true, checkServerIdentity: expect.any(Function) },
    ],
    ['postgres://h/d?sslmode=require&sslrootcert=system', { rejectUnauthorized: true }],
    // A cloud provider's default. Node can't bind to the channel, so the certificate is verified instead.
    ['postgres://h/d?sslmode=require&channel_binding=require', { rejectUnauthorized: true }],
    [
      'postgres://h/d?sslmode=require&sslrootcert=/dev/null',
      { rejectUnauthorized: true, ca: '', checkServerIdentity: expect.any(Function) },
    ],
    [
      'postgres://h/d?hostaddr=10.0.0.1&host=x&sslmode=verify-full',
      { rejectUnauthorized: true, servername: 'x' },
    ],
    [
      'postgres://h/d?sslmode=require&ssl_min_protocol_version=TLSv1.3',
      { rejectUnauthorized: false, minVersion: 'TLSv1.3' },
    ],
  ])('%s says how to encrypt', (url, options) => {
    expect(tlsOptions(read(url))).toEqual(options);
  });

  it.each([
    ['not a scheme', 'mysql://root:hunter2@h/d', /of the form postgres/],
    ['a bare percent sign', 'postgres://u:hunter2%@h/d', /"%" in its password.*%25/],
    ['a slash in the password', 'postgres://u:hun/ter2@h/d', /password: write %2F/],
    ['a question mark in the password', 'postgres://u:hunter2?x=1@h/d', /host or port/],
    ['an unreadable host', 'postgres://u:hunter2@h:x/d', /host or port/],
    ['a bare IPv6 address', 'postgres://u:hunter2@::1/d', /brackets/],
    ['port 0', 'postgres://u:hunter2@h:0/d', /1 to 65535/],
    ['too few ports', 'postgres:///d?host=a,b,c&port=1,2&password=hunter2', /number of ports/],
    ['a socket beside a host', 'postgres:///d?host=/run,b&password=hunter2', /Unix socket/],
    [
      'an unknown parameter',
      'postgres://u:hunter2@h/d?sslmod=require',
      /"sslmod" is not one of libpq's/,
    ],
    ['a server setting', 'postgres://u:hunter2@h/d?statement_timeout=5', /options=-c/],
    [
      'a wrong sslmode',
      'postgres://u:hunter2@h/d?sslmode=on',
      /"sslmode" can only be disable, allow/,
    ],
    [
      'channel binding without TLS',
      'postgres://u:hunter2@h/d?sslmode=disable&channel_binding=require',
      /needs TLS/,
    ],
    [
      'a certificate without TLS',
      'postgres://u:hunter2@h/d?sslmode=prefer&sslcert=/x',
      /needs sslmode=require/,
    ],
    ['another encoding', 'postgres://u:hunter2@h/d?client_encoding=LATIN1', /can only be utf8/],
    ['no number', 'postgres://u:hunter2@h/d?connect_timeout=soon', /whole number/],
    ...[
      ...[
        'passfile',
        'service',
        'require_auth',
        'tcp_user_timeout',
        'keepalives_interval',
        'sslcrldir',
      ],
      ...[
        'requirepeer',
        'krbsrvname',
        'gsslib',
        'gssdelegation',
        'oauth_issuer',
        'replication',
        'gssencmode',
      ],
    ].map((name): [string, string, RegExp] => [
      name,
      `postgres://u:hunter2@h/d?${name}=hunter2`,
      new RegExp(`"${name}"`),
    ]),
  ])('with %s is refused and not quoted', (_, url, message) => {
    expect(() => read(url)).toThrow(ConnectionUrlError);
    expect(() => read(url)).toThrow(message);
    expect(() => read(url)).not.toThrow(/hun|ter2/);
  });

  it('names the parameter whose file is not there', () => {
    const target = read('postgres://h/d?sslmode=verify-full&sslrootcert=/no/where');
    expect(() => tlsOptions(target)).toThrow(/"sslrootcert" names a file/);
  });
});

describe('the hosts that are not this machine', () => {
  it.each([
    ['postgres:///d', []],
    ['postgres://LOCALHOST,127.0.0.1,127.8.8.8,[::1]/d', []],
    ['postgres:///d?host=/var/run/postgresql', []],
    ['postgres://db.example/d', ['db.example']],
    ['postgres://localhost,a.example,b.example,a.example/d', ['a.example', 'b.example']],
    // Parameters name a host too, and win over what stands before the path.
    ['postgres://localhost/d?host=db.example', ['db.example']],
    ['postgres://localhost/d?host=localhost&hostaddr=10.0.0.1', ['10.0.0.1']],
    ['postgres://127.0.0.1.example/d', ['127.0.0.1.example']],
    ['postgres://localhost.example/d', ['localhost.example']],
  ])('of %s', (url, hosts) => {
    expect(remoteHosts(read(url))).toEqual(hosts);
  });
});
