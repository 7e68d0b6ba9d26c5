// Package transfer makes one try at one download: from an address to a file
// that is whole, or to a part that the next try goes on with.
//
//	             ┌─ at most 256 KiB ── read whole ── safefile.Create ──────┐
//	GET ─ answer ┤                                                         ├─► NAME
//	             └─ larger ── stream(s) ── NAME.part ── sum ── Part.Commit ┘
//	                          ▲    │        journal, once a second
//	         more segments ───┘    └─ plan: who loads which bytes
//	         where they pay
//
// There is one GET and no HEAD. If a part of the address lies in the folder,
// the GET asks for the rest of it, on condition that the file is still the same
// (Range with If-Range, RFC 9110, sections 13.1.5 and 14.2). An answer is taken
// as the rest only if offset, length, total, coding and validator all fit. One
// with the whole file (200) is taken from its start; any other is given up, and
// the file is asked for as a whole.
//
// A file that names no strong validator (a strong ETag, or a Last-Modified that
// is old enough) is never put together from two answers.
package transfer
