import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/**
 * What the wire does: carries everything; resets every connection; takes bytes and carries none until it is mended; carries each piece late;
 * carries an answer byte by byte, so late each, until it is mended; resets once so many bytes of an answer have passed.
 */
export type Wire =
  | { readonly kind: "whole" }
  | { readonly kind: "reset" }
  | { readonly kind: "silent" }
  | { readonly kind: "late"; readonly milliseconds: number }
  | { readonly kind: "drip"; readonly milliseconds: number }
  | { readonly kind: "cut"; readonly after: number };

/** A wire between two parties on loopback, real sockets on both sides. */
export interface TcpProxy {
  readonly url: string;
  /** Connections taken so far. */
  readonly connections: number;
  become(wire: Wire): void;
  close(): Promise<void>;
}

export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  let wire: Wire = { kind: "whole" };
  let mended = Promise.withResolvers<void>();
  let connections = 0;
  const sockets = new Set<Socket>();

  function hold(socket: Socket): void {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  }
  /** Carries one way, in order. */
  function carry(from: Socket, to: Socket, isAnswer: boolean): void {
    let carried = 0;
    let last = Promise.resolve();
    const piece = async (given: Buffer) => {
      let bytes = given;
      while (wire.kind === "silent") await mended.promise;
      if (wire.kind === "late") await pause(wire.milliseconds);
      if (wire.kind === "cut" && isAnswer && carried + bytes.length > wire.after) {
        to.write(bytes.subarray(0, Math.max(0, wire.after - carried)), () => to.destroy());
        from.destroy();
        return;
      }
      carried += bytes.length;
      for (; wire.kind === "drip" && isAnswer && bytes.length > 1 && !to.destroyed; bytes = bytes.subarray(1)) {
        to.write(bytes.subarray(0, 1));
        await pause(wire.milliseconds);
      }
      if (!to.destroyed) to.write(bytes);
    };
    from.on("data", (bytes: Buffer) => {
      last = last.then(() => piece(bytes));
    });
    from.on("close", () => void last.then(() => to.destroy()));
  }

  const server = createServer((near) => {
    connections += 1;
    hold(near);
    if (wire.kind === "reset") {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    hold(far);
    carry(near, far, false);
    carry(far, near, true);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    become(next) {
      wire = next;
      if (next.kind === "reset") for (const socket of sockets) socket.resetAndDestroy();
      mended.resolve();
      mended = Promise.withResolvers();
    },
    close() {
      wire = { kind: "whole" };
      mended.resolve();
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
