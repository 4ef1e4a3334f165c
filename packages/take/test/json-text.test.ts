import { expect, it } from 'vitest';
import { setInJson } from '../src/host/json-text.ts';

const manifest = `{
  "name": "host",
  "files": ["a", "b"],
  "dependencies": {
    "b": "1",
    "d": "1"
  },
  "devDependencies": {}
}
`;

it('adds a property in its place and changes no other line', () => {
  expect(setInJson(manifest, ['dependencies', 'c'], '2')).toBe(
    manifest.replace('    "d"', '    "c": "2",\n    "d"'),
  );
  expect(setInJson(manifest, ['dependencies', 'e'], '2')).toBe(
    manifest.replace('"d": "1"', '"d": "1",\n    "e": "2"'),
  );
  expect(setInJson(manifest, ['workspaces'], ['packages/*'])).toBe(
    manifest.replace('{}\n}', '{},\n  "workspaces": ["packages/*"]\n}'),
  );
});

it('adds the objects that are missing on the way, and fills an empty one', () => {
  expect(setInJson(manifest, ['scripts', 'postinstall'], 'x')).toBe(
    manifest.replace('{}\n}', '{},\n  "scripts": {\n    "postinstall": "x"\n  }\n}'),
  );
  expect(setInJson(manifest, ['devDependencies', 'x'], '1')).toBe(
    manifest.replace('{}', '{\n    "x": "1"\n  }'),
  );
  expect(setInJson('{}\n', ['a'], 1)).toBe('{\n  "a": 1\n}\n');
});

it('keeps the indentation of the file', () => {
  const tabs = '{\n\t"a": {\n\t\t"x": 1\n\t}\n}\n';
  expect(setInJson(tabs, ['a', 'y'], 2)).toBe('{\n\t"a": {\n\t\t"x": 1,\n\t\t"y": 2\n\t}\n}\n');
});

it('replaces a value and takes one out, the first, a middle or the only one', () => {
  expect(setInJson(manifest, ['dependencies', 'b'], '9')).toContain('"b": "9"');
  expect(setInJson(manifest, ['dependencies', 'b'], undefined)).toBe(
    manifest.replace('"b": "1",\n    ', ''),
  );
  expect(setInJson(manifest, ['dependencies', 'd'], undefined)).toBe(
    manifest.replace(',\n    "d": "1"', ''),
  );
  expect(setInJson('{ "a": { "b": 1 } }', ['a', 'b'], undefined)).toBe('{ "a": {} }');
  expect(setInJson(manifest, ['nothing', 'here'], undefined)).toBe(manifest);
});

it('refuses what is no object', () => {
  expect(() => setInJson('[]', ['a'], 1)).toThrow(/no JSON object/);
  expect(() => setInJson(manifest, ['name', 'x'], 1)).toThrow(/name is no object/);
});
