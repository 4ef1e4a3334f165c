import { isFunction, nodeAt, parse, walk } from './syntax.ts';

/** A source whose functions add themselves to `globalThis.__called`, as `file:start`. */
export function instrument(file: string, text: string): string {
  const marks: { at: number; text: string; isEnd: boolean }[] = [];
  walk(parse(file, text), (node) => {
    const body = isFunction(node) ? nodeAt(node, 'body') : undefined;
    if (!body) return;
    const note = `globalThis.__called?.add(${JSON.stringify(`${file}:${node.start}`)})`;
    if (body.type === 'BlockStatement') {
      marks.push({ at: body.start + 1, text: `${note};`, isEnd: false });
      return;
    }
    marks.push({ at: body.start, text: `(${note}, `, isEnd: false });
    marks.push({ at: body.end, text: ')', isEnd: true });
  });
  // From the end of the file, so that offsets stay true; at one place a bracket closes before one opens.
  marks.sort((one, other) => other.at - one.at || Number(one.isEnd) - Number(other.isEnd));
  return marks.reduce(
    (done, mark) => done.slice(0, mark.at) + mark.text + done.slice(mark.at),
    text,
  );
}
