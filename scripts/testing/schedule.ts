interface Job {
  readonly resource?: string | undefined;
}

/** Runs jobs in order, `lanes` at a time, never two that share a resource. */
export async function schedule<T extends Job, R>(
  jobs: readonly T[],
  lanes: number,
  run: (job: T) => Promise<R>,
): Promise<readonly R[]> {
  const waiting = jobs.map((job, index) => ({ job, index }));
  const busy = new Set<string>();
  const running = new Set<Promise<void>>();
  const results = new Map<number, R>();
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex(({ job }) => job.resource === undefined || !busy.has(job.resource));
    if (running.size < lanes && next >= 0) {
      const [taken] = waiting.splice(next, 1);
      if (taken === undefined) continue;
      const { job, index } = taken;
      if (job.resource !== undefined) busy.add(job.resource);
      const work = run(job).then((result) => {
        results.set(index, result);
        if (job.resource !== undefined) busy.delete(job.resource);
        running.delete(work);
      });
      running.add(work);
    } else {
      await Promise.race(running);
    }
  }
  return jobs.flatMap((_, index) => (results.has(index) ? [results.get(index) as R] : []));
}
