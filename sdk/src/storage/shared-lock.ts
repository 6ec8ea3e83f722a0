/**
 * Many may share it, or one may hold it alone. Writers of bodies share it; whoever deletes blocks holds it alone, because a
 * writer may just have skipped a block for being there already. Served in the order of asking.
 */
export function sharedLock() {
  const sharing = new Set<Promise<void>>();
  /** Ends when the last who asked for the lock alone is done. */
  let alone: Promise<void> = Promise.resolve();

  return {
    /** True when nobody shares it, or waits to. */
    isIdle: (): boolean => sharing.size === 0,
    async share<T>(work: () => Promise<T>): Promise<T> {
      const done = Promise.withResolvers<void>();
      const before = alone;
      sharing.add(done.promise);
      try {
        await before;
        return await work();
      } finally {
        sharing.delete(done.promise);
        done.resolve();
      }
    },
    async hold<T>(work: () => Promise<T>): Promise<T> {
      const done = Promise.withResolvers<void>();
      const before = [alone, ...sharing];
      alone = done.promise;
      try {
        await Promise.all(before);
        return await work();
      } finally {
        done.resolve();
      }
    },
  };
}
