/** The work's result, or what `late` throws once `milliseconds` have passed; work that hangs is left behind. */
export async function within<T>(milliseconds: number, work: Promise<T>, late: () => never): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      try {
        late();
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
