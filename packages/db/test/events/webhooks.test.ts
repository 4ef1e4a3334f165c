import { ForbiddenError, InvalidInputError } from '@reference/kit';
import { signWebhook, verifyWebhook } from '@reference/kit/webhooks';
import { expect, test } from 'vitest';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const body = '{"test": 2432232314}';
const at = new Date(1_614_265_330_000);

const verify = (
  headers: Record<string, string>,
  change: Partial<Parameters<typeof verifyWebhook>[0]> = {},
) => verifyWebhook({ headers: new Headers(headers), body, secrets: [secret], now: at, ...change });

test('the signature is that of the standard’s own example', () => {
  const headers = signWebhook({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body, secrets: [secret], at });
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
  expect(verify(headers)).toEqual({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek' });
});

test('while a secret is changed either one is accepted', () => {
  const headers = signWebhook({ id: '1', body, secrets: [other, secret], at });
  for (const secrets of [[other], [secret], [secret, other]]) {
    expect(verify(headers, { secrets })).toEqual({ id: '1' });
  }
});

test('a changed id, time or body, another secret and a missing header are refused alike', () => {
  const good = signWebhook({ id: '1', body, secrets: [secret], at });
  const bad: Record<string, string>[] = [
    { ...good, 'webhook-id': '2' },
    { ...good, 'webhook-timestamp': String(Number(good['webhook-timestamp']) + 1) },
    { ...good, 'webhook-timestamp': '1e9' },
    { ...good, 'webhook-signature': '' },
    { ...good, 'webhook-signature': good['webhook-signature'].slice(3) },
    { ...good, 'webhook-signature': good['webhook-signature'].replace('v1', 'v2') },
    ...Object.keys(good).map((name) =>
      Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)),
    ),
  ];
  for (const headers of bad) expect(() => verify(headers)).toThrow(ForbiddenError);
  expect(() => verify(good, { body: `${body} ` })).toThrow(ForbiddenError);
  expect(() => verify(good, { secrets: [other] })).toThrow(ForbiddenError);
  expect(() => verify(good, { secrets: [] })).toThrow(ForbiddenError);
  expect(() => verify(signWebhook({ id: '', body, secrets: [secret], at }))).toThrow(
    ForbiddenError,
  );
});

test('the window ends five minutes before and after, to the second', () => {
  const headers = signWebhook({ id: '1', body, secrets: [secret], at });
  for (const seconds of [-300, 300]) {
    expect(verify(headers, { now: new Date(at.getTime() + seconds * 1000) })).toEqual({ id: '1' });
  }
  for (const seconds of [-301, 301]) {
    expect(() => verify(headers, { now: new Date(at.getTime() + seconds * 1000) })).toThrow(
      ForbiddenError,
    );
  }
});

test('a body whose beginning could pass for the time is not signed anew by moving the full stop', () => {
  const numeric = `${Math.floor(at.getTime() / 1000)}.5`;
  const good = signWebhook({ id: '1', body: numeric, secrets: [secret], at });
  expect(verify(good, { body: numeric })).toEqual({ id: '1' });
  const moved = { ...good, 'webhook-id': `1.${good['webhook-timestamp']}` };
  expect(() => verify(moved, { body: '5' })).toThrow(ForbiddenError);
  expect(() => signWebhook({ id: '1.2', body, secrets: [secret], at })).toThrow(InvalidInputError);
});

test.each([24, 64])('a secret of %i bytes is taken', (bytes) => {
  const secrets = [`whsec_${Buffer.alloc(bytes, 7).toString('base64')}`];
  expect(verify(signWebhook({ id: '1', body, secrets, at }), { secrets })).toEqual({ id: '1' });
});

test.each([
  '',
  `whsec_${Buffer.alloc(23).toString('base64')}`,
  'secret',
  'whsec_',
  'whsec_c2hvcnQ=',
  `whsec_${Buffer.alloc(65).toString('base64')}`,
])('a secret that is none is refused, not used', (wrong) => {
  expect(() => signWebhook({ id: '1', body, secrets: [wrong] })).toThrow(InvalidInputError);
});
