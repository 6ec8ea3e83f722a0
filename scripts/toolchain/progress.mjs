const colour = process.stderr.isTTY && !process.env.NO_COLOR;

/**
 * Shows on standard error that `work` is going on: a line that is updated on a terminal, one plain line in CI, nothing
 * elsewhere. Standard output stays free for the task.
 */
export async function withProgress(title, work) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  if (!process.stderr.isTTY) {
    const result = await work();
    if (process.env.CI) process.stderr.write(`${title}: ${seconds()}\n`);
    return result;
  }
  const draw = () =>
    process.stderr.write(`\r\x1b[2K${colour ? "\x1b[2m" : ""}${title} … ${seconds()}${colour ? "\x1b[0m" : ""}`);
  draw();
  const timer = setInterval(draw, 500);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    process.stderr.write("\r\x1b[2K");
  }
}
