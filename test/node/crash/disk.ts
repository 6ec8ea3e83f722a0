import type { Operation } from "./trace.ts";

type Change = Extract<Operation, { kind: "write" | "truncate" }>;

/** A file whatever it is called: what surely is on the medium, and what may be. */
interface Content {
  durable: Buffer;
  pending: Change[];
}

/** Numbers in [0, 1) that a seed repeats. */
export type Random = () => number;

/** mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SECTOR = 512;

function apply(file: Buffer, change: Change): Buffer {
  if (change.kind === "truncate") {
    if (change.size <= file.length) return file.subarray(0, change.size);
    return Buffer.concat([file, Buffer.alloc(change.size - file.length)]);
  }
  const end = change.at + change.bytes.length;
  const grown = end > file.length ? Buffer.concat([file, Buffer.alloc(end - file.length)]) : Buffer.from(file);
  change.bytes.copy(grown, change.at);
  return grown;
}

/** Some sectors of a write, the others as they were. */
function torn(change: Change, random: Random): Change[] {
  if (change.kind === "truncate") return [change];
  const pieces: Change[] = [];
  for (let from = 0; from < change.bytes.length; ) {
    const to = Math.min(change.bytes.length, from + SECTOR - ((change.at + from) % SECTOR));
    if (random() < 0.5) pieces.push({ ...change, at: change.at + from, bytes: change.bytes.subarray(from, to) });
    from = to;
  }
  return pieces;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** What of the unsynced changes reaches the medium: nothing, all, the first, some, some in any order, some of them torn. */
function survivors(pending: readonly Change[], random: Random): readonly Change[] {
  const some = () => pending.filter(() => random() < 0.5);
  // What a file system does with lengths keeps its order.
  const isOrdered = pending.some(({ kind }) => kind === "truncate");
  switch (Math.floor(random() * 6)) {
    case 0:
      return [];
    case 1:
      return pending;
    case 2:
      return pending.slice(0, Math.floor(random() * (pending.length + 1)));
    case 3:
      return some();
    case 4:
      return isOrdered ? some() : shuffled(some(), random);
    default: {
      const kept = some().flatMap((change) => (random() < 0.5 ? torn(change, random) : [change]));
      return isOrdered ? kept : shuffled(kept, random);
    }
  }
}

/** A disk that is told of each call, and can be asked what it might hold if the power failed now. */
export class Disk {
  readonly #names = new Map<string, Content>();
  #durableNames = new Map<string, Content>();
  #pendingNames: { readonly name: string; readonly content: Content | undefined }[] = [];

  do(operation: Operation): void {
    switch (operation.kind) {
      case "create": {
        if (this.#names.has(operation.file)) return;
        this.#name(operation.file, { durable: Buffer.alloc(0), pending: [] });
        return;
      }
      case "unlink":
        this.#name(operation.file, undefined);
        return;
      case "write":
      case "truncate":
        this.#contentOf(operation.file).pending.push(operation);
        return;
      case "sync": {
        const content = this.#contentOf(operation.file);
        content.durable = content.pending.reduce(apply, content.durable);
        content.pending = [];
        return;
      }
      case "sync folder":
        this.#durableNames = new Map(this.#names);
        this.#pendingNames = [];
        return;
      case "said":
        return;
    }
  }

  /** Files that the medium may hold after a crash. */
  crashed(random: Random): Map<string, Buffer> {
    const names = new Map(this.#durableNames);
    for (const { name, content } of this.#pendingNames) {
      if (random() < 0.5) continue;
      if (content === undefined) names.delete(name);
      else names.set(name, content);
    }
    return new Map(
      [...names].map(([name, { durable, pending }]) => [name, survivors(pending, random).reduce(apply, durable)]),
    );
  }

  #name(name: string, content: Content | undefined): void {
    if (content === undefined) this.#names.delete(name);
    else this.#names.set(name, content);
    this.#pendingNames.push({ name, content });
  }

  #contentOf(file: string): Content {
    const content = this.#names.get(file);
    if (content === undefined) throw new Error(`no file ${file} in the trace`);
    return content;
  }
}
