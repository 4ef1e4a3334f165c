import { describe, expect, it } from 'vitest';
import { hashToken, issueToken } from '../src/index.ts';

describe('tokens', () => {
  it('are long, never alike, and stored as a hash', () => {
    const [one, two] = [issueToken('mcp'), issueToken('mcp')];
    expect(one.token).not.toBe(two.token);
    expect(one.token).toMatch(/^mcp_[\w-]{43}$/);
    expect(one.tokenHash).toBe(hashToken(one.token));
    expect(one.tokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(one.token.startsWith(one.tokenPrefix)).toBe(true);
    expect(one.tokenPrefix).toHaveLength('mcp_'.length + 6);
  });

  it('hash as SHA-256', () => {
    expect(hashToken('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
