/**
 * Runs at most `limit` tasks at once and gives their results in the order in which they end. A task is taken from `tasks` only
 * when there is room for it. The first failure, of a task or of `tasks`, is thrown; what still runs then is not waited for.
 */
export async function* asCompleted<T>(
  tasks: AsyncIterable<() => Promise<T>>,
  limit: number,
): AsyncGenerator<T, void, undefined> {
  const source = tasks[Symbol.asyncIterator]();
  const running = new Set<Promise<() => T>>();
  let taking: Promise<undefined> | undefined;
  let isDry = false;

  const take = async (): Promise<undefined> => {
    const { done, value } = await source.next();
    if (done) isDry = true;
    else {
      // Ended tasks hand over a way to forget themselves together with what they gave.
      const run: Promise<() => T> = value().then((result) => () => {
        running.delete(run);
        return result;
      });
      run.catch(() => undefined);
      running.add(run);
    }
    taking = undefined;
    return undefined;
  };

  try {
    while (!isDry || running.size > 0) {
      if (!isDry && running.size < limit) taking ??= take();
      const ended = await Promise.race(taking === undefined ? running : [...running, taking]);
      if (ended !== undefined) yield ended();
    }
  } finally {
    taking?.catch(() => undefined);
    // Not waited for: a source that is still giving its next task would hold up whoever has had enough.
    void source.return?.().then(undefined, () => undefined);
  }
}
