package database

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// ErrOnlySelect is about a statement that is not one SELECT.
var ErrOnlySelect = errors.New("only one SELECT can be run here (or WITH … SELECT, or VALUES)")

// Query runs a SELECT that a person wrote, for at most limit rows. It ends
// with ctx.
//
// The driver has no authorizer (sqlite3_set_authorizer). Instead, the
// statement is made a part of another, where nothing but a SELECT can stand:
// no ATTACH, no PRAGMA, no second statement. It can still use all functions
// that SQLite has; none of them writes.
func (b *Browser) Query(ctx context.Context, query string, limit int) (Grid, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	query, err := single(query)
	if err != nil {
		return Grid{}, err
	}
	var g Grid
	if g.Columns, err = b.columns(ctx, query); err != nil {
		return Grid{}, b.wrong(err)
	}
	names, wanted := make([]string, len(g.Columns)), make([]string, len(g.Columns))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
		wanted[i] = "+" + names[i] // as in View.query
	}
	if err := b.fill(ctx, &g, limit, fmt.Sprintf("WITH %squery(%s) AS (%s\n) SELECT %s FROM %squery LIMIT %d",
		ours, strings.Join(names, ","), query, strings.Join(wanted, ","), ours, limit+1), nil); err != nil {
		return Grid{}, b.wrong(err)
	}
	return g, nil
}

// columns are the names of the columns of a SELECT, which is not run.
func (b *Browser) columns(ctx context.Context, query string) (names []string, err error) {
	err = b.link.patiently(ctx, func() error {
		return b.link.conn.Raw(func(c any) error {
			info, err := c.(interface {
				ColumnInfo(query string) ([]sqlite.ColumnInfo, error)
			}).ColumnInfo(query)
			names = nil
			for _, i := range info {
				names = append(names, i.Name)
			}
			return err
		})
	})
	if err == nil && names == nil {
		err = ErrOnlySelect
	}
	return names, err
}

// wrong is the error of a statement: its own mistakes are not the database's.
func (b *Browser) wrong(err error) error {
	if code(err) == 1 {
		return errors.New(message(err))
	}
	return explain(b.link.path, err)
}

// single makes sure that a text is no more than one SELECT with balanced
// parentheses, and takes off the semicolons behind it.
func single(query string) (string, error) {
	depth, end, first := 0, -1, ""
	for i := 0; i < len(query); {
		n := token(query[i:])
		t := query[i : i+n]
		switch {
		case blank(t):
		case end >= 0 && t != ";":
			return "", ErrOnlySelect
		case t == ";":
			if end < 0 {
				end = i
			}
		case t == "(":
			depth++
		case t == ")":
			depth--
		}
		if depth < 0 {
			return "", errors.New("a parenthesis is closed that was not opened")
		}
		if first == "" && !blank(t) {
			first = strings.ToUpper(t)
		}
		i += n
	}
	if first != "SELECT" && first != "WITH" && first != "VALUES" {
		return "", ErrOnlySelect
	}
	if end >= 0 {
		query = query[:end]
	}
	return query, nil
}

func blank(token string) bool {
	return strings.TrimSpace(token) == "" || strings.HasPrefix(token, "--") || strings.HasPrefix(token, "/*")
}

// token is the length of the first token of a text, as far as it matters here:
// quoted texts, comments and words are whole (sqlite.org/lang_comment.html,
// sqlite.org/lang_keywords.html).
func token(s string) int {
	switch c := s[0]; {
	case c == '\'' || c == '"' || c == '`':
		return quoted(s, c)
	case c == '[':
		return through(s, 1, "]")
	case strings.HasPrefix(s, "--"):
		return through(s, 2, "\n")
	case strings.HasPrefix(s, "/*"):
		return through(s, 2, "*/")
	case letter(c):
		n := 1
		for n < len(s) && letter(s[n]) {
			n++
		}
		return n
	}
	return 1
}

func letter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c >= 0x80
}

// through is where the text after the next mark begins.
func through(s string, from int, mark string) int {
	if i := strings.Index(s[from:], mark); i >= 0 {
		return from + i + len(mark)
	}
	return len(s)
}

// quoted is the length of a quoted text, in which the quote is doubled.
func quoted(s string, quote byte) int {
	for i := 1; i < len(s); i++ {
		if s[i] != quote {
			continue
		}
		if i+1 == len(s) || s[i+1] != quote {
			return i + 1
		}
		i++
	}
	return len(s)
}
