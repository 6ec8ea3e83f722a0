/** Something that prints as a CID. Each client brings a CID class of its own. */
interface PrintableCid {
  toString(): string;
}

interface KuboCall {
  readonly signal: AbortSignal;
}

interface KuboReadOptions extends KuboCall {
  /** Answer from this node's own blocks; ask no peer. */
  readonly offline?: boolean;
}

interface KuboAddOptions extends KuboCall {
  readonly cidVersion: 1;
  readonly rawLeaves: boolean;
  readonly chunker: string;
  readonly hashAlg: string;
  readonly trickle: boolean;
  readonly wrapWithDirectory: boolean;
  readonly pin: boolean;
  readonly preload: boolean;
}

/**
 * The calls used of a Kubo RPC client. `create()` of `kubo-rpc-client` and of its predecessor `ipfs-http-client` both give
 * an object that fits. A CID is passed as `never`, which fits either's own class: both only call its `toString()`.
 */
export interface KuboClient {
  add(body: AsyncIterable<Uint8Array>, options: KuboAddOptions): Promise<{ readonly cid: PrintableCid }>;
  readonly block: {
    get(cid: never, options: KuboReadOptions): Promise<Uint8Array>;
    stat(cid: never, options: KuboReadOptions): Promise<{ readonly size: number }>;
    rm(cid: never, options: KuboCall): AsyncIterable<{ readonly error?: Error | undefined }>;
  };
  readonly pin: {
    rm(cid: never, options: KuboCall): Promise<unknown>;
  };
  getEndpointConfig?(): { readonly host?: string | undefined; readonly port?: string | number | undefined };
}
