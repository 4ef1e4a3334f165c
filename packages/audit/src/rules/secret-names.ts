import type { Column } from '../model/model.ts';
import { wordsOf } from './words.ts';

const SECRET =
  /^(password|passwd|secret|token|api key|private key|access key|secret key|refresh token|access token|id token|client secret|webhook secret|encryption key|otp|backup codes?|recovery codes?|two factor secret|totp secret|session token)$/;
const HARMLESS = new Set(
  'count counts limit used usage version type at id expires name hint prefix budget max total input output prompt completion last changed reset is has scope public per length family cached reasoning'.split(
    ' ',
  ),
);
const SAFE = /hash|digest|encrypt|cipher|sealed|salt/;

const holdsText = (baseType: string): boolean =>
  /^(text|varchar|character varying|jsonb?|char)$/.test(baseType);

const isNamedSecret = (words: readonly string[]): boolean => {
  if (words.some((word) => HARMLESS.has(word))) return false;
  return [1, 2, 3].some((length) => SECRET.test(words.slice(-length).join(' ')));
};

/** True if a column's name suggests a secret in clear. */
export const looksSecret = ({ name, baseType }: Pick<Column, 'name' | 'baseType'>): boolean => {
  const words = wordsOf(name);
  return holdsText(baseType) && !SAFE.test(words.join(' ')) && isNamedSecret(words);
};

/** True if a column holds a secret in any form, also hashed or sealed. */
export const isSecretColumn = ({ name, baseType }: Pick<Column, 'name' | 'baseType'>): boolean => {
  const words = wordsOf(name).filter((word) => !SAFE.test(word));
  return holdsText(baseType) && isNamedSecret(words);
};

/** True if a value has the form of a hash or of encrypted data. */
export const looksProtected = (value: string): boolean =>
  /^([0-9a-f]{32,}|\\x[0-9a-f]+)$/i.test(value) ||
  /^\$(2[aby]|argon2\w*|scrypt|pbkdf2[\w-]*|5|6|y)\$/.test(value) ||
  /^(scrypt|pbkdf2|argon2|bcrypt|sha\d+)[:$]/i.test(value) ||
  // A compact JWE has five parts, a JWT (which is readable) three.
  /^eyJ[\w-]+\.[\w-]*\.[\w-]*\.[\w-]+\.[\w-]+$/.test(value) ||
  /^(v\d+|enc|k\d+|vault)[:.]/i.test(value) ||
  /^[0-9a-f]+:[0-9a-f]{24,}(:[0-9a-f]+)?$/i.test(value);
