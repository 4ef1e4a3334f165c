const syllables = 'ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zu'.split(' ');
const common =
  'plan note team page week launch index draft review budget search design meeting report update'.split(
    ' ',
  );
const vocabulary = 5000;

/**
 * Text of made-up words whose frequencies fall as in a language (Zipf): a few are everywhere, most
 * are rare.
 */
export function makeWords(random: () => number): (count: number) => string {
  const words = Array.from({ length: vocabulary }, (_, n) => common[n] ?? invent(n));
  const pick = () => words[Math.floor(vocabulary ** random()) - 1] ?? 'plan';
  return (count) => Array.from({ length: count }, pick).join(' ');
}

function invent(n: number): string {
  const parts = [n % 20, Math.floor(n / 20) % 20, Math.floor(n / 400) % 20];
  return parts.map((part) => syllables[part] ?? '').join('');
}
