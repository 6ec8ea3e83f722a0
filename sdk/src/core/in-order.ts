type Outcome<T> = { readonly value: T } | { readonly error: unknown };

interface Run<T> {
  readonly settled: Promise<void>;
  outcome: Outcome<T> | undefined;
}

function start<T>(work: () => Promise<T>): Run<T> {
  const run: { settled: Promise<void>; outcome: Outcome<T> | undefined } = {
    settled: Promise.resolve(),
    outcome: undefined,
  };
  run.settled = work().then(
    (value) => {
      run.outcome = { value };
    },
    (error: unknown) => {
      run.outcome = { error };
    },
  );
  return run;
}

/**
 * Does the same work for what comes, at most `limit` at once, and gives the results in the order in which it came. What came before a failure is
 * given before the failure is thrown; then nothing more is taken, and what still runs is not waited for.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const source = items[Symbol.asyncIterator]();
  const waiting: Run<R>[] = [];
  let taking: Promise<void> | undefined;
  let end: { readonly error?: unknown } | undefined;

  const take = async (): Promise<void> => {
    try {
      const { done, value } = await source.next();
      if (done) end = {};
      else waiting.push(start(() => work(value)));
    } catch (error) {
      end = { error };
    }
    taking = undefined;
  };

  try {
    for (;;) {
      if (end === undefined && waiting.length < limit) taking ??= take();
      const [first] = waiting;
      if (first === undefined) {
        if (taking === undefined) break;
        await taking;
        continue;
      }
      await (taking === undefined ? first.settled : Promise.race([first.settled, taking]));
      if (first.outcome === undefined) continue;
      waiting.shift();
      if ("error" in first.outcome) throw first.outcome.error;
      yield first.outcome.value;
    }
    if (end !== undefined && "error" in end) throw end.error;
  } finally {
    // A source that is still giving its next would hold up whoever has had enough.
    const ending = source.return?.();
    if (taking === undefined) await ending;
    else ending?.then(undefined, () => undefined);
  }
}
