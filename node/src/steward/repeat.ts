import { setTimeout as delay } from "node:timers/promises";

/** Work that goes on in the background. */
export interface Repeated {
  /** Ends it, once what runs is done. */
  stop(): Promise<void>;
}

/** Does the work now and again after each pause; what fails is told and tried again. It keeps no process alive. */
export function repeat(
  work: () => Promise<unknown>,
  { every, onFault }: { readonly every: number; readonly onFault?: ((error: unknown) => void) | undefined },
): Repeated {
  const over = new AbortController();
  const run = async () => {
    while (!over.signal.aborted) {
      await work().catch((error: unknown) => onFault?.(error));
      await delay(every, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      over.abort();
      await running;
    },
  };
}
