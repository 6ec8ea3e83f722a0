/** Element i brings version i to i + 1. What has once been here is never changed, only followed. */
export const outboxSchema: readonly string[] = [
  `CREATE TABLE authors (id INTEGER PRIMARY KEY, owner BLOB NOT NULL UNIQUE) STRICT;
   CREATE TABLE leaves (
     author INTEGER NOT NULL,
     place INTEGER NOT NULL,
     record_id BLOB NOT NULL,
     PRIMARY KEY (author, place)
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX leaves_by_record ON leaves (record_id);
   CREATE TABLE deliveries (
     author INTEGER NOT NULL,
     place INTEGER NOT NULL,
     envelope BLOB NOT NULL,
     consent BLOB NOT NULL,
     PRIMARY KEY (author, place)
   ) STRICT;
   CREATE TABLE nodes (
     author INTEGER NOT NULL,
     level INTEGER NOT NULL,
     place INTEGER NOT NULL,
     hash BLOB NOT NULL,
     PRIMARY KEY (author, level, place)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE heads (
     author INTEGER NOT NULL,
     size INTEGER NOT NULL,
     root BLOB NOT NULL,
     nonce INTEGER NOT NULL,
     block INTEGER,
     tx BLOB,
     PRIMARY KEY (author, size)
   ) STRICT;
   CREATE TABLE sendings (
     author INTEGER NOT NULL,
     nonce INTEGER NOT NULL,
     attempt INTEGER NOT NULL,
     raw BLOB NOT NULL,
     max_fee TEXT NOT NULL,
     tip TEXT NOT NULL,
     PRIMARY KEY (author, nonce, attempt)
   ) STRICT;`,
];
