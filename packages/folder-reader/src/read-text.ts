import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { codeOf } from './scan-folder.ts';

/** Thrown for a file that can't be read as text; the message completes "left out, because …". */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

export interface ReadText {
  /** Without a byte order mark. */
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** SHA-256 of the file's bytes, in hex. */
  readonly sha256: string;
  /** The size of the file, in bytes. */
  readonly size: number;
}

/**
 * Reads a text file: UTF-8, or UTF-16 with a byte order mark. It rejects any other encoding instead
 * of guessing it or replacing characters with U+FFFD.
 *
 * @param options.maxBytes a larger file is refused without reading it
 * @throws UnreadableFile for a file that can't be opened, is too large, not text, a link or no file
 */
export async function readText(path: string, options: { maxBytes: number }): Promise<ReadText> {
  return withFile(path, async (file, size) =>
    decode(await readBytes(file, size, options.maxBytes)),
  );
}

/**
 * The SHA-256 of a file of any size, in hex, and its size in bytes.
 * @throws UnreadableFile for a file that can't be read, a link or no file
 */
export async function hashFile(path: string): Promise<{ sha256: string; size: number }> {
  return withFile(path, async (file) => {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { sha256: hash.digest('hex'), size };
  });
}

async function withFile<T>(
  path: string,
  read: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  let file: FileHandle;
  try {
    // NONBLOCK, because a pipe that took the file's place since the scan would wait for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw new UnreadableFile(
      codeOf(error) === 'ELOOP' ? 'it is a symbolic link' : `it can't be read (${codeOf(error)})`,
    );
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new UnreadableFile('it is neither a file nor a folder');
    return await read(file, stats.size);
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(`it can't be read (${codeOf(error)})`);
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, size: number, maxBytes: number): Promise<Buffer> {
  if (size > maxBytes) throw tooLarge(size, maxBytes);
  const bytes = await file.readFile();
  // The file may have grown since.
  if (bytes.length > maxBytes) throw tooLarge(bytes.length, maxBytes);
  return bytes;
}

const tooLarge = (size: number, maxBytes: number) =>
  new UnreadableFile(`it has ${size} bytes; at most ${maxBytes} are taken`);

function decode(bytes: Buffer): ReadText {
  const encoding = encodingOf(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile(`it is not ${encoding.toUpperCase()} text`);
  }
  if (text.includes('\0')) throw new UnreadableFile('it holds NUL characters, so it is no text');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { text, encoding, sha256, size: bytes.length };
}

function encodingOf(bytes: Buffer): ReadText['encoding'] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
