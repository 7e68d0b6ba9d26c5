package core

// Peek is the beginning of a source that is a table, for a person to look at
// before a run.
type Peek struct {
	About   string // how it is read: "CSV, comma, windows-1252, 4 columns"
	Columns []PeekColumn
	Types   []string // that a column can be given
	Rows    [][]any  // string, or nil for NULL
	More    bool     // there are more rows
	Note    string   // what is odd: "3 of the first 100 records would be rejected: line 7: 3 fields, the header has 4"
}

// PeekColumn is a column as it would be made.
type PeekColumn struct {
	Name, Type string
	Given      bool   // a person gave the type
	Why        string // of a type that was found
}

// Reject is something of a source that could not be used, and why.
type Reject struct {
	Source string // "users.csv"
	Line   int64  // 0: unknown
	Reason string
	Record string // as it stood
}
