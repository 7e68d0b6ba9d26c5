package load

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"manyhands/core/cell"
	"manyhands/core/database"
	"manyhands/core/records"
)

const (
	stdin   = "-"
	eachRow = "each-row"
)

// Most is a number of rejects that are allowed; its zero value is any.
type Most struct {
	bounded bool
	n       int
}

// UnmarshalText reads "any" or a number.
func (m *Most) UnmarshalText(text []byte) error {
	if s := strings.ToLower(strings.TrimSpace(string(text))); s == "any" || s == "" {
		*m = Most{}
		return nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 {
		return fmt.Errorf("%q is no number of rejects: give 0, a larger number, or any", text)
	}
	*m = Most{true, n}
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (m Most) MarshalText() ([]byte, error) {
	if !m.bounded {
		return []byte("any"), nil
	}
	return strconv.AppendInt(nil, int64(m.n), 10), nil
}

// exceeded tells whether n are too many.
func (m Most) exceeded(n int) bool { return m.bounded && n > m.n }

// Check names every mistake in words a person can act on.
func (c *Config) Check() error {
	settings := c.clone()
	settings.complete()
	_, options := settings.options()
	return errors.Join(settings.checkSource(), settings.checkTarget(), settings.checkPlaces(), settings.checkEachRow(), options)
}

func (c *Config) checkSource() error {
	switch {
	case c.Generate < 0:
		return fmt.Errorf("Generate: %d is less than nothing; give a number of users", c.Generate)
	case c.Generate > 0 && len(c.Files) > 0:
		return errors.New("Generate: users are generated instead of files; leave one of them out")
	case c.Generate == 0 && len(c.Files) == 0 && c.Mode != modeUndo:
		return errors.New("Files: choose a file of records, CSV or JSON lines")
	case slices.Contains(c.Files, stdin) && c.Mode == modeResume:
		return errors.New("Files: what comes from the standard input cannot be read again; save it as a file to be able to resume")
	}
	return nil
}

func (c *Config) checkTarget() error {
	var mistakes []error
	if c.DB == "" {
		mistakes = append(mistakes, errors.New("Database: choose a file; it is made if it is not there"))
	}
	if c.Table == "" {
		mistakes = append(mistakes, errors.New("Table: give it a name"))
	}
	if c.Mode == string(database.Append) && len(c.Types) > 0 {
		mistakes = append(mistakes, errors.New("Types: the columns of a table that is there have their types; leave this empty"))
	}
	return errors.Join(mistakes...)
}

// checkPlaces keeps what is read and what is written apart. The database is
// never opened as another file: see isDatabase.
func (c *Config) checkPlaces() error {
	var mistakes []error
	if sameFile(c.Rejects, c.DB) {
		mistakes = append(mistakes, errors.New("Rejects: this is the database; choose another file"))
	}
	for _, file := range c.Files {
		if sameFile(file, c.DB) {
			mistakes = append(mistakes, fmt.Errorf("Database: %s is to be loaded; choose another file", name(file)))
		}
		if sameFile(file, c.Rejects) {
			mistakes = append(mistakes, fmt.Errorf("Rejects: %s is to be loaded; choose another file", name(file)))
		}
	}
	return errors.Join(mistakes...)
}

// sameFile tells whether two paths lead to one file, be it there or not.
func sameFile(a, b string) bool {
	if a == "" || b == "" || a == stdin || b == stdin {
		return false
	}
	if one, err := os.Stat(a); err == nil {
		other, err := os.Stat(b)
		return err == nil && os.SameFile(one, other)
	}
	fullA, _ := filepath.Abs(a)
	fullB, _ := filepath.Abs(b)
	return fullA == fullB
}

func (c *Config) checkEachRow() error {
	switch {
	case c.Commit != eachRow:
		return nil
	case c.Mode == modeResume:
		return errors.New("Commit: a load with a commit for each row cannot be resumed; choose batch")
	case c.Mode == string(database.Replace):
		return errors.New("Commit: each-row cannot replace a table; choose batch")
	case len(c.Index)+len(c.FTS) > 0:
		return errors.New("Commit: each-row makes no indexes; choose batch")
	}
	return nil
}

// options are those for reading the files.
func (c *Config) options() (records.Options, error) {
	types, err := c.types()
	delimiter, wrongDelimiter := character("Delimiter", c.Delimiter, map[string]byte{
		"comma": ',', "semicolon": ';', "tab": '\t', `\t`: '\t', "bar": '|', "pipe": '|', "space": ' ',
	})
	quote, wrongQuote := character("Quote", c.Quote, map[string]byte{"double": '"', "single": '\'', "none": records.NoQuote})
	o := records.Options{
		Delimiter: delimiter, Quote: quote, Encoding: c.Encoding, Header: c.Header,
		Null: c.Null, EmptyNull: c.Empty == "null", Types: types, BlockSize: c.blockSize,
	}
	if err = errors.Join(err, wrongDelimiter, wrongQuote); err != nil {
		return o, err
	}
	return o, o.Check()
}

// character reads a setting that is one character, or a name of one; 0 is to be
// found out.
func character(setting, text string, names map[string]byte) (byte, error) {
	if text == "" || strings.EqualFold(text, "auto") {
		return 0, nil
	}
	if c, ok := names[strings.ToLower(text)]; ok {
		return c, nil
	}
	if len(text) == 1 {
		return text[0], nil
	}
	return 0, fmt.Errorf("%s: %q is not one character; give auto or one", setting, text)
}

// types are the given types of columns.
func (c *Config) types() (map[string]cell.Kind, error) {
	types := make(map[string]cell.Kind, len(c.Types))
	var mistakes []error
	for _, text := range c.Types {
		column, typeName, ok := cutType(text)
		if !ok {
			mistakes = append(mistakes, fmt.Errorf("Types: %q is not like COLUMN=TEXT", text))
			continue
		}
		kind, err := records.ParseKind(typeName)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("Types: %q: %w", text, err))
			continue
		}
		types[column] = kind
	}
	return types, errors.Join(mistakes...)
}

// cutType reads COLUMN=TYPE; a name may have an equals sign in it.
func cutType(text string) (column, typeName string, ok bool) {
	at := strings.LastIndexByte(text, '=')
	if at < 1 {
		return "", "", false
	}
	return strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+1:]), true
}

// called is what a person calls the source.
func (c *Config) called() string {
	switch n := len(c.Files); {
	case c.Generate > 0:
		return fmt.Sprintf("%d generated users", c.Generate)
	case n == 0:
		return ""
	case n == 1:
		return name(c.Files[0])
	default:
		return fmt.Sprintf("%s and %d more", name(c.Files[0]), n-1)
	}
}

// name is what a person calls a file.
func name(path string) string {
	if path == stdin {
		return "standard input"
	}
	return filepath.Base(path)
}
