/**
 * Many may share it, or one may hold it alone. Writers of bodies share it; whoever deletes blocks holds it alone, because a
 * writer may just have skipped a block for being there already. Served in the order of asking.
 */
export function sharedLock() {
  let sharers = 0;
  /** Ends when everything that asked for the lock alone so far is done. */
  let alone: Promise<void> = Promise.resolve();
  let onIdle: (() => void)[] = [];

  const release = () => {
    sharers -= 1;
    if (sharers > 0) return;
    for (const wake of onIdle) wake();
    onIdle = [];
  };

  return {
    /** True when nobody shares it. */
    isIdle: (): boolean => sharers === 0,
    async share<T>(work: () => Promise<T>): Promise<T> {
      for (let seen: Promise<void> | undefined; seen !== alone; ) {
        seen = alone;
        await seen;
      }
      sharers += 1;
      try {
        return await work();
      } finally {
        release();
      }
    },
    async hold<T>(work: () => Promise<T>): Promise<T> {
      const before = alone;
      const done = Promise.withResolvers<void>();
      alone = done.promise;
      try {
        await before;
        if (sharers > 0) await new Promise<void>((resolve) => onIdle.push(resolve));
        return await work();
      } finally {
        done.resolve();
      }
    },
  };
}
