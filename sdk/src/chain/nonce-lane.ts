/** One sender's queue: nonces are given out one by one, so that many sends may be in flight at once. */
export interface NonceLane {
  /**
   * Runs `send` with the next nonce, after every earlier one has been sent. A failed `send` gives its nonce back. The
   * caller must call the returned `settled` once the transaction is in a block, or given up.
   */
  take<T>(send: (nonce: number) => Promise<T>): Promise<{ readonly value: T; readonly nonce: number; settled(): void }>;
}

/** `pendingCount` asks a node for the sender's next nonce; it is believed whenever nothing of ours is in flight. */
export function createNonceLane(pendingCount: () => Promise<number>): NonceLane {
  let queue: Promise<unknown> = Promise.resolve();
  let next: number | undefined;
  let inFlight = 0;

  return {
    take(send) {
      const turn = queue.then(async () => {
        if (inFlight === 0 || next === undefined) next = await pendingCount();
        const nonce = next;
        try {
          const value = await send(nonce);
          next = nonce + 1;
          inFlight++;
          let isSettled = false;
          const settled = () => {
            if (!isSettled) inFlight--;
            isSettled = true;
          };
          return { value, nonce, settled };
        } catch (error) {
          next = undefined;
          throw error;
        }
      });
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}

const lanes = /* @__PURE__ */ new WeakMap<object, Map<number, NonceLane>>();

/** Clients that share a signer object share its lane. */
export function laneOf(signer: object, chainId: number, pendingCount: () => Promise<number>): NonceLane {
  const ofSigner = lanes.get(signer) ?? new Map<number, NonceLane>();
  lanes.set(signer, ofSigner);
  const lane = ofSigner.get(chainId) ?? createNonceLane(pendingCount);
  ofSigner.set(chainId, lane);
  return lane;
}
