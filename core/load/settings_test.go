package load_test

import (
	"path/filepath"
	"testing"

	"manyhands/core/catalog"
	"manyhands/core/load"
)

func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	file := write(t, "users.csv", "id\n1\n")
	for name, c := range map[string]struct {
		change func(*load.Config)
		words  []string
	}{
		"no files":                  {func(c *load.Config) { c.Files = nil }, []string{"Files: choose a file of records"}},
		"fewer users than none":     {func(c *load.Config) { c.Files, c.Generate = nil, -1 }, []string{"Generate: -1 is less than nothing"}},
		"users and files":           {func(c *load.Config) { c.Generate = 5 }, []string{"Generate: users are generated instead of files"}},
		"stdin resumed":             {func(c *load.Config) { c.Files, c.Mode = []string{"-"}, "resume" }, []string{"standard input cannot be read again"}},
		"stdin without a database":  {func(c *load.Config) { c.Files, c.DB = []string{"-"}, "" }, []string{"Database: choose a file"}},
		"stdin without a table":     {func(c *load.Config) { c.Files, c.Table = []string{"-"}, "" }, []string{"Table: give it a name"}},
		"users without a database":  {func(c *load.Config) { c.Files, c.Generate, c.DB = nil, 5, "" }, []string{"Database: choose a file"}},
		"undo of nothing":           {func(c *load.Config) { c.Files, c.Mode, c.DB, c.Table = nil, "undo", "", "" }, []string{"Database:", "Table:"}},
		"types where there are":     {func(c *load.Config) { c.Mode, c.Types = "append", []string{"id=TEXT"} }, []string{"Types: the columns of a table that is there"}},
		"type without a name":       {func(c *load.Config) { c.Types = []string{"=TEXT"} }, []string{`Types: "=TEXT" is not like COLUMN=TEXT`}},
		"type without a type":       {func(c *load.Config) { c.Types = []string{"id"} }, []string{`Types: "id" is not like`}},
		"unknown type":              {func(c *load.Config) { c.Types = []string{"id=DATE"} }, []string{`Types: "id=DATE": `}},
		"two wrong types":           {func(c *load.Config) { c.Types = []string{"id=DATE", "x"} }, []string{"id=DATE", `"x"`}},
		"long delimiter":            {func(c *load.Config) { c.Delimiter = ";;" }, []string{`Delimiter: ";;" is not one character`}},
		"long quote":                {func(c *load.Config) { c.Quote = "«" }, []string{`Quote: "«" is not one character`}},
		"quote is the delimiter":    {func(c *load.Config) { c.Delimiter, c.Quote = "bar", "|" }, []string{"cannot be the delimiter too"}},
		"line end as a delimiter":   {func(c *load.Config) { c.Delimiter = "\n" }, []string{"no end of line"}},
		"unknown encoding":          {func(c *load.Config) { c.Encoding = "klingon" }, []string{`encoding "klingon" is not known`}},
		"each row resumed":          {func(c *load.Config) { c.Commit, c.Mode = "each-row", "resume" }, []string{"Commit: a load with a commit for each row cannot be resumed"}},
		"each row replaces":         {func(c *load.Config) { c.Commit, c.Mode = "each-row", "replace-table" }, []string{"Commit: each-row cannot replace a table"}},
		"each row with an index":    {func(c *load.Config) { c.Commit, c.Index = "each-row", []string{"id"} }, []string{"Commit: each-row makes no indexes"}},
		"each row with a search":    {func(c *load.Config) { c.Commit, c.FTS = "each-row", []string{"id"} }, []string{"Commit: each-row makes no indexes"}},
		"rejects into the database": {func(c *load.Config) { c.Rejects = c.DB }, []string{"Rejects: this is the database"}},
		"rejects into the source":   {func(c *load.Config) { c.Rejects = c.Files[0] }, []string{"Rejects: users.csv is to be loaded"}},
		"database into itself":      {func(c *load.Config) { c.DB = c.Files[0] }, []string{"Database: users.csv is to be loaded"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t, file)
			c.change(s)
			err := s.Check()
			if err == nil {
				t.Fatal("it was accepted")
			}
			contains(t, "mistakes", err.Error(), c.words...)
			if _, begun := s.Start(t.Context(), nil); begun == nil || begun.Error() != err.Error() {
				t.Errorf("Start says %v, Check %v", begun, err)
			}
		})
	}
}

func TestSettingsThatAreFine(t *testing.T) {
	t.Parallel()
	file := write(t, "users.csv", "id\n1\n")
	for name, change := range map[string]func(*load.Config){
		"defaults":         func(*load.Config) {},
		"zero values":      func(c *load.Config) { *c = load.Config{Files: c.Files} },
		"undo by table":    func(c *load.Config) { c.Files, c.Mode = nil, "undo" },
		"stdin":            func(c *load.Config) { c.Files = []string{"-"} },
		"users":            func(c *load.Config) { c.Files, c.Generate = nil, 5 },
		"equals in a name": func(c *load.Config) { c.Types = []string{"a=b = integer"} },
		"names":            func(c *load.Config) { c.Delimiter, c.Quote = "Tab", "SINGLE" },
		"characters":       func(c *load.Config) { c.Delimiter, c.Quote = "#", "%" },
		"no quote":         func(c *load.Config) { c.Quote = "none" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := settings(t, file)
			change(s)
			if err := s.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The zero Config makes a table, as the defaults do.
func TestZeroSettingsMakeATable(t *testing.T) {
	t.Parallel()
	file := write(t, "users.csv", "id,name\n1,a\n")
	succeed(t, &load.Config{Files: []string{file}})
	equal(t, "users.db", query(t, filepath.Join(filepath.Dir(file), "users.db"), "SELECT * FROM users"), `1|"a"`)
}

func TestNamesFollowFromTheFirstFile(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"/in/users.csv":      "/in users",
		"/in/users.csv.gz":   "/in users",
		"/in/USERS.TSV.ZST":  "/in USERS",
		"/in/my.users.jsonl": "/in my.users",
		"/in/users":          "/in users",
		"/in/.csv":           "/in .csv",
	} {
		c := catalog.Defaults(&load.Config{})
		c.Files = []string{file, "/elsewhere/other.csv"}
		place := c.Place()
		if c.DB != "" || c.Table != "" {
			t.Errorf("%s: Place has changed the settings to %s, %s", file, c.DB, c.Table)
		}
		c.Scratch("/scratch")
		equal(t, file, filepath.ToSlash(place)+" "+c.Table, want)
		equal(t, file+" as a scratch", filepath.ToSlash(c.DB), "/scratch/"+c.Table+".db")
	}
	c := catalog.Defaults(&load.Config{})
	c.Generate = 5
	equal(t, "place of users", c.Place(), "")
	c.Scratch("/scratch")
	equal(t, "table of users", c.Table, "users")
}

func TestMostRejects(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"any": "any", "": "any", " ANY ": "any", "0": "0", " 17 ": "17",
		"-1": "", "many": "", "1.5": "", "99999999999999999999": "",
	} {
		var m load.Most
		err := m.UnmarshalText([]byte(text))
		if want == "" {
			if err == nil {
				t.Errorf("%q was accepted", text)
			} else {
				contains(t, text, err.Error(), "is no number of rejects: give 0, a larger number, or any")
			}
			continue
		}
		again, _ := m.MarshalText()
		equal(t, text, string(again), want)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestOnlyAResumeContinues(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]bool{"resume": true, "create": false, "append": false, "undo": false} {
		equal(t, mode, (&load.Config{Mode: mode}).Continues(), want)
	}
}

// A run has settings of its own: what a form does meanwhile does not reach it.
func TestSettingsAreCopied(t *testing.T) {
	t.Parallel()
	c := settings(t, write(t, "a.csv", "id,n\n1,x\n"))
	c.Types, c.Key, c.Index = []string{"id=INTEGER"}, []string{"id"}, []string{"n"}
	o := start(t, c)
	c.Files[0], c.Types[0], c.Key[0], c.Index[0] = "gone.csv", "id=NO", "no", "no"
	if o.wait(); o.err != nil || o.report.Failed > 0 {
		t.Error(o.err, o.errors())
	}
	equal(t, "table", query(t, c.DB, "SELECT * FROM t"), `1|"x"`)
}
