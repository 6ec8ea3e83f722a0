/**
 * Runs at most `limit` tasks at once. `add` waits for a free place; the first failure is thrown by the next `add` or by
 * `settled`, which returns only when no task runs any more.
 */
export function taskPool(limit: number) {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  return {
    async add(task: () => Promise<void>): Promise<void> {
      while (running.size >= limit) await Promise.race(running);
      if (failure) throw failure.error;
      const run: Promise<void> = task()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(run));
      running.add(run);
    },
    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
      if (failure) throw failure.error;
    },
  };
}
