// Package database writes rows into one table of a SQLite database, each exactly
// once, and shows what is in a database.
//
//	batches ──► Write ── screen ──► temp.feed ──► INSERT … SELECT * FROM temp.feed
//	              ▲       values     virtual        │             one statement a batch
//	              │       that would table          ├─ refused row: Reject, step over, go on
//	              │       change                    ▼
//	   Outcome ◄──┴──────────────── transaction: rows + place in the source
//	                                                │
//	   Progress ◄───────────────────────────────── COMMIT, every 100,000 rows or second
//
// The batch is a virtual table, so SQLite itself fetches the rows, and its
// cursor knows which of them was refused. There is one writer: more
// connections give SQLite nothing.
//
// # Exactly once
//
// The table _manyhands_load of the same database holds a row for each load that
// has not ended: what is loaded, into what, and how far. It changes in the
// transactions that write the rows. After a crash, Open with Resume goes on at
// Progress. What the caller keeps by itself, such as a file of rejects, it
// makes durable in Options.Mark, which is called before each commit, and cuts
// to that length when it resumes. The table is dropped with its last row.
//
// Write never commits the batch it was given, only those before it: so what it
// returned has been seen when Mark is called. A source that comes to a halt
// calls Commit, or the database stays locked for others.
//
// # Foreign keys
//
// They are kept, and judged at the end of a batch: a row may refer to one that
// comes after it in the same batch, but not in a later one.
//
// # What the database keeps
//
// Its journal mode stays as it was; a new database gets SQLite's ordinary one,
// a rollback journal, which for a load is also the fastest: new pages are
// written once. synchronous=EXTRA makes each commit last through a power cut.
// All other settings are of the connection and leave no trace.
//
// # Waiting
//
// A lock that another program holds is waited for as long as the context
// lives; Waiting tells. After a commit the lane leaves the database alone for a
// fiftieth of the time it was locked, so that others get their turn.
package database
