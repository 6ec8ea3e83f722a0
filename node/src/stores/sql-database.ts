/** What a column holds. Integers come back as `bigint` or, from PostgreSQL, as decimal text: read them with `Number` or `BigInt`. */
export type SqlValue = Uint8Array | bigint | number | string | null;

export type Dialect = "sqlite" | "postgres";

/** Where statements run. Parameters are written `$1`, `$2` … in both dialects. */
export interface SqlSession {
  /** @throws STEWARD_STORE_FAILED */
  query<Row extends Readonly<Record<string, SqlValue>>>(
    text: string,
    parameters?: readonly SqlValue[],
  ): Promise<readonly Row[]>;
}

/** One database, whichever it is. */
export interface SqlDatabase extends SqlSession {
  readonly dialect: Dialect;
  /**
   * All of it or nothing, durable once the promise resolves. One at a time, also among processes: what is numbered in the order of arrival
   * becomes visible in that order, so that a reader who went on from a number misses nothing.
   * @throws STEWARD_STORE_FAILED, and what `work` throws
   */
  write<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  /**
   * Takes the bytes of rows deleted from these tables out of every file of the database: pages, log, what was freed.
   * @throws STEWARD_STORE_FAILED where they may still lie somewhere
   */
  purge(tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
