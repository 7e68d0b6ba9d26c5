// Package records reads files of records, CSV and JSON lines, as typed rows.
//
//	file ─► unpack ─► decode ─► split ─── Blocks ──┬─► Parser ─── Batches ──┬─► Survey ─► Columns
//	        gzip      UTF-16    at the ends        ├─► Parser               │   (first pass)
//	        zstd      1252 …    of records         └─► Parser               └─► the database
//	        └──── one goroutine, File.Blocks ────┘     any number               (second pass)
//
// Open looks at the first MiB and finds a Layout: how the file is packed,
// encoded and delimited, and what its columns are called. Blocks splits the
// text into pieces of about 1 MiB that end where a record ends; it is the
// Source of a core.Job. Each worker has a Parser, which makes a Batch of each
// Block. In the first pass every field is text, and a Survey collects which
// columns are numbers in the whole file; in the second the Parser knows the
// columns and the Batch has typed cells. Blocks and Batches are used again
// after Release, so that a row costs no allocation.
//
// # What Open finds
//
// The encoding by a byte order mark, or as UTF-16 by its zero bytes, or as
// UTF-8 because it is valid; else it is windows-1252. If only ASCII is in the
// first MiB, Survey.NotUTF8 tells after the first pass.
//
// The delimiter, of comma, semicolon, tab and bar, and the quote, of " and ',
// with which most of the records have the same number of fields, if possible
// more than one.
//
// A header if the first record has that number of fields, all different, none
// a figure (digits without letters) and none empty but the first or the last,
// and some column has but figures below it. If no column has, it is a header if it
// looks like names and none of them is in its column again.
//
// # Offsets
//
// A Position is a place in the decoded text, behind a byte order mark: so many
// bytes from its start, in line so-and-so. Reading can begin at the end of any
// record (Batch.End), and gives the same records from there on.
//
// # CSV
//
// RFC 4180, with the delimiter, the quote and the end of line that the file
// has. LF and CRLF end a record; in a file without LF outside of quotes, CR
// does. Blank lines are skipped. A quote opens a quoted field only as its first
// byte; anywhere else it is text, as in `5" pipe`. Within a quoted field two
// quotes stand for one.
//
// A record is a reject if it has more or fewer fields than the header, text
// behind a closing quote, a quote that is not closed, a NUL, bytes that are no
// UTF-8 (or, in another encoding, no character), is longer than
// Options.RecordSize, or has a value that does not fit its column. If it is the
// quotes that are wrong, only the first line of the record is rejected, and the
// next line begins a new one: a quote that somebody forgot costs one line, not
// the rest of the file.
//
// # JSON lines
//
// An object a line (jsonlines.org, RFC 8259). The columns are all keys of all
// objects; the survey finds them. A key that is missing is NULL, as is null.
// Arrays and objects stay the JSON text they are. A line that is no object, has
// a key twice, half of a surrogate pair or a NUL (as \u0000) is a reject.
//
// # Types
//
// No value changes unless a person gave the column a type. A column is
//
//   - INTEGER if every value is a whole number as SQLite prints it: no plus, no
//     leading zeros, no -0, from -2^63 to 2^63-1.
//   - REAL if every value is a decimal as SQLite prints it: digits on both sides
//     of the point, no superfluous zeros (but 5.0), no exponent, at most 13
//     digits from the first that is not 0, and at least 0.001 in size or 0.0.
//     Within these bounds SQLite, with 15 digits or 17, and the shortest decimal
//     of a float64 agree. SQLite 3.53 prints 425232097413.65 as
//     425232097413.65002.
//   - TEXT in any other case: 01, +1, 1.50, 1e5, 1,7, 2^63, dates, and 5 beside
//     5.5, which REAL would make 5.0. Column.Why names the first such value. JSON
//     strings, true, false, arrays and objects are text too.
//
// Options.Types overrides that: a given INTEGER takes any whole number of 64
// bits (01 becomes 1), a given REAL any decimal number (1.50 becomes 1.5), with
// spaces around it, and JSON's true and false as 1 and 0.
//
// # NULL
//
// A field without quotes that is one of Options.Null is NULL. An empty field is
// NULL in a column of numbers, as there is no empty number; in a column of text
// it is empty text, unless it has no quotes and Options.EmptyNull is set. Neither
// option touches JSON, which has a null.
package records
