import { mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes a file so that after a power cut there is the whole file or none: written aside, flushed to the disk, renamed,
 * and then the directory flushed too, because the name is in there.
 *
 * @param file In a directory that exists, see {@link makeDurableDirectory}.
 * @param aside A directory of the same file system for unfinished files.
 */
export async function writeDurably(file: string, bytes: Uint8Array, aside: string): Promise<void> {
  const unfinished = join(aside, crypto.randomUUID());
  try {
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await unlink(unfinished).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(file));
}

/** Removes a file for good; one that is not there is no error. */
export async function removeDurably(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await syncDirectory(dirname(file));
}

/**
 * Makes a directory with all above it, and flushes the names of those that were new. The directory's own name is flushed
 * even where it was there: whoever made it may have died, or still be about to do so.
 */
export async function makeDurableDirectory(directory: string): Promise<void> {
  const first = (await mkdir(directory, { recursive: true, mode: 0o700 })) ?? directory;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
