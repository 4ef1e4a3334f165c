import { describe, expect, it } from 'vitest';
import { InvalidInputError, UnavailableError } from '../src/index.ts';
import { toDbError } from '../src/server-errors.ts';

/** An error as Node or postgres.js makes it. */
const failure = (fields: Record<string, unknown>) => Object.assign(new Error('secret'), fields);
const told = (error: unknown) => toDbError(error, { text: 'select 1' });

describe('a failure of the connection', () => {
  it.each([
    [{ address: '10.0.0.7', port: 5432 }, ' [10.0.0.7:5432] '],
    [{ address: '/run/pg.sock' }, ' [/run/pg.sock] '],
    [{ port: 5432 }, 'host and port (ECONNREFUSED)'],
    [{ address: '' }, 'host and port (ECONNREFUSED)'],
    [{}, 'host and port (ECONNREFUSED)'],
  ])('with %j names the address that is known', (fields, part) => {
    const error = told(failure({ code: 'ECONNREFUSED', ...fields }));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toContain(part);
    expect(error.message).not.toMatch(/secret|undefined/);
  });

  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION'])(
    'of TLS, %s, says where to look',
    (code) => {
      const error = told(failure({ code }));
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error.message).toContain(`TLS with the server failed (${code})`);
    },
  );

  it('says that nothing was stored only if nothing had been sent', () => {
    const broken = failure({ code: 'ECONNRESET' });
    expect(toDbError(broken, { text: undefined, sent: false }).message).toContain(
      'before anything was sent',
    );
    expect(toDbError(broken, { text: undefined, sent: true }).message).toContain('may or may not');
    expect(told(broken).message).toContain('may or may not');
  });
});

describe('what is thrown without a code', () => {
  it.each([[undefined], [null], ['text'], [7], [{}], [{ code: 7 }], [failure({})]])(
    '%j is an error of ours, and shows nothing of it',
    (thrown) => {
      const error = told(thrown);
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error.message).not.toMatch(/secret|text\)/);
      expect(error).toMatchObject({ query: 'select 1' });
    },
  );
});
