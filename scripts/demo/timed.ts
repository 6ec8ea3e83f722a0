/** Runs a piece of work and says how many milliseconds it took. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly milliseconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, milliseconds: Math.round(performance.now() - started) };
}
