import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { TakeError } from '../errors.ts';

/**
 * Sets one value in the text of a JSON file and leaves every other line unchanged. It adds missing
 * objects on the path.
 *
 * @param path the keys that lead to the value; every key but the last names an object
 * @param value undefined removes the property
 * @throws TakeError when the file, or the value of a key, is no object
 */
export function setInJson(text: string, path: readonly string[], value: unknown): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  if (tree?.type !== 'object') throw new TakeError('The file is no JSON object.', 1);
  const existing = findNodeAtLocation(tree, [...path]);
  if (existing && value === undefined) return removeProperty(text, existing);
  if (existing)
    return splice(text, existing.offset, existing.offset + existing.length, oneLine(value));
  if (value === undefined) return text;
  const depth = path.findIndex((_, index) => !findNodeAtLocation(tree, path.slice(0, index + 1)));
  const parent = depth === 0 ? tree : findNodeAtLocation(tree, path.slice(0, depth));
  if (parent?.type !== 'object')
    throw new TakeError(`${path.slice(0, depth).join('.')} is no object.`, 1);
  const [key = '', ...rest] = path.slice(depth);
  const unit = indentOf(text);
  const inserted = `${JSON.stringify(key)}: ${nested(rest, value, unit, depth + 1)}`;
  return insertProperty(text, parent, { key, inserted, depth: depth + 1, unit });
}

/** `{ "a": value }` over several lines, as package managers write it. */
function nested(path: readonly string[], value: unknown, unit: string, depth: number): string {
  const [key, ...rest] = path;
  if (key === undefined) return oneLine(value);
  const inner = nested(rest, value, unit, depth + 1);
  return `{\n${unit.repeat(depth + 1)}${JSON.stringify(key)}: ${inner}\n${unit.repeat(depth)}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`,
  );
  return `{ ${entries.join(', ')} }`;
}

interface Insertion {
  readonly key: string;
  readonly inserted: string;
  readonly depth: number;
  readonly unit: string;
}

/** Sorted objects stay sorted; elsewhere the property becomes the last. */
function insertProperty(text: string, parent: Node, insertion: Insertion): string {
  const { key, inserted, depth, unit } = insertion;
  const indent = unit.repeat(depth);
  const properties = parent.children ?? [];
  const keys = properties.map((property) => String(property.children?.[0]?.value));
  const isSorted =
    keys.length > 1 && keys.every((name, index) => index === 0 || (keys[index - 1] ?? '') <= name);
  const before = isSorted ? properties[keys.findIndex((name) => name > key)] : undefined;
  if (before) return splice(text, before.offset, before.offset, `${inserted},\n${indent}`);
  const last = properties.at(-1);
  if (last) {
    const end = last.offset + last.length;
    return splice(text, end, end, `,\n${indent}${inserted}`);
  }
  const object = `{\n${indent}${inserted}\n${unit.repeat(depth - 1)}}`;
  return splice(text, parent.offset, parent.offset + parent.length, object);
}

function removeProperty(text: string, value: Node): string {
  const property = value.parent;
  const object = property?.parent;
  if (!property || !object) return text;
  const siblings = object.children ?? [];
  const index = siblings.indexOf(property);
  const next = siblings[index + 1];
  if (next) return splice(text, property.offset, next.offset, '');
  const previous = siblings[index - 1];
  const end = property.offset + property.length;
  if (previous) return splice(text, previous.offset + previous.length, end, '');
  return splice(text, object.offset, object.offset + object.length, '{}');
}

const indentOf = (text: string): string => /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';

const splice = (text: string, start: number, end: number, inserted: string): string =>
  text.slice(0, start) + inserted + text.slice(end);
