package database

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// violations are tables and how they refuse the value "bad" in column v; any
// other value they take.
var violations = map[string]struct {
	schema []string
	policy Policy
	bad    any
	reason string
}{
	"CHECK": {
		schema: []string{`CREATE TABLE t(id INTEGER, v CHECK (v <> 'bad'))`}, bad: "bad",
		reason: "it breaks the table's rule v <> 'bad' (CHECK)",
	},
	"CHECK with a name": {
		schema: []string{`CREATE TABLE t(id INTEGER, v CONSTRAINT "never bad" CHECK (v <> 'bad'))`}, bad: "bad",
		reason: "it breaks the table's rule never bad (CHECK)",
	},
	"NOT NULL": {
		schema: []string{`CREATE TABLE t(id INTEGER, v NOT NULL)`}, bad: nil,
		reason: "v: a value is needed here (NOT NULL)",
	},
	"NOT NULL ON CONFLICT ROLLBACK": {
		schema: []string{`CREATE TABLE t(id INTEGER, v NOT NULL ON CONFLICT ROLLBACK)`}, bad: nil,
		reason: "v: a value is needed here (NOT NULL)",
	},
	"NOT NULL ON CONFLICT IGNORE": {
		schema: []string{`CREATE TABLE t(id INTEGER, v NOT NULL ON CONFLICT IGNORE)`}, bad: nil,
		reason: "v: a value is needed here (NOT NULL)",
	},
	"UNIQUE": {
		schema: []string{`CREATE TABLE t(id INTEGER, v UNIQUE)`, `INSERT INTO t VALUES (-1, 'bad')`}, bad: "bad",
		reason: "v: another row has this value already",
	},
	"PRIMARY KEY": {
		schema: []string{`CREATE TABLE t(id INTEGER, v TEXT PRIMARY KEY)`, `INSERT INTO t VALUES (-1, 'bad')`}, bad: "bad",
		reason: "v: another row has this value already",
	},
	"UNIQUE in a table without row numbers": {
		schema: []string{`CREATE TABLE t(id INTEGER, v TEXT PRIMARY KEY) WITHOUT ROWID`, `INSERT INTO t VALUES (-1, 'bad')`}, bad: "bad",
		reason: "v: another row has this value already",
	},
	"an expression that is unique": {
		schema: []string{`CREATE TABLE t(id INTEGER, v)`, `CREATE UNIQUE INDEX low ON t(lower(v))`, `INSERT INTO t VALUES (-1, 'BAD')`}, bad: "bad",
		reason: "index 'low': another row has this value already",
	},
	"a text for a row number": {
		schema: []string{`CREATE TABLE t(id INTEGER, v INTEGER PRIMARY KEY)`}, bad: "bad",
		reason: "v: only an integer can be here",
	},
	"a type in a STRICT table": {
		schema: []string{`CREATE TABLE t(id INTEGER, v INTEGER) STRICT`}, bad: "bad",
		reason: "v: the column takes INTEGER only, not TEXT",
	},
	"a FOREIGN KEY": {
		schema: []string{`CREATE TABLE p(k TEXT PRIMARY KEY)`, `CREATE TABLE t(id INTEGER, v TEXT REFERENCES p)`, parents}, bad: "bad",
		reason: "v: p has no row with k bad",
	},
	"a deferred FOREIGN KEY": {
		schema: []string{`CREATE TABLE p(k TEXT PRIMARY KEY)`, `CREATE TABLE t(id INTEGER, v TEXT REFERENCES p(k) DEFERRABLE INITIALLY DEFERRED)`, parents}, bad: "bad",
		reason: "v: p has no row with k bad",
	},
	"a generated column": {
		schema: []string{`CREATE TABLE t(id INTEGER, v, g AS (json_extract(v, '$')) STORED)`}, bad: "{bad",
		reason: "malformed JSON",
	},
	"RAISE(ABORT)":    {schema: trigger("ABORT, 'never bad'"), bad: "bad", reason: "never bad (says a trigger of the table)"},
	"RAISE(FAIL)":     {schema: trigger("FAIL, 'never bad'"), bad: "bad", reason: "never bad (says a trigger of the table)"},
	"RAISE(ROLLBACK)": {schema: trigger("ROLLBACK, 'never bad'"), bad: "bad", reason: "never bad (says a trigger of the table)"},
	"RAISE(FAIL) when the row is in": {
		schema: []string{
			`CREATE TABLE t(id INTEGER, v)`,
			`CREATE TRIGGER g AFTER INSERT ON t WHEN new.v = 'bad' BEGIN SELECT RAISE(FAIL, 'too late'); END`,
		}, bad: "bad",
		reason: "too late (says a trigger of the table)",
	},
	"a trigger that breaks a rule elsewhere": {
		schema: []string{
			`CREATE TABLE t(id INTEGER, v)`, `CREATE TABLE log(v CHECK (v <> 'bad'))`,
			`CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.v); END`,
		}, bad: "bad",
		reason: "it breaks the table's rule v <> 'bad' (CHECK)",
	},
	"NOT NULL while replacing": {
		schema: []string{`CREATE TABLE t(id INTEGER, v NOT NULL)`}, policy: ReplaceRow, bad: nil,
		reason: "v: a value is needed here (NOT NULL)",
	},
	"CHECK while replacing": {
		schema: []string{`CREATE TABLE t(id INTEGER, v CHECK (v <> 'bad'))`}, policy: ReplaceRow, bad: "bad",
		reason: "it breaks the table's rule v <> 'bad' (CHECK)",
	},
	"CHECK while skipping": {
		schema: []string{`CREATE TABLE t(id INTEGER UNIQUE, v CHECK (v <> 'bad'))`}, policy: Skip, bad: "bad",
		reason: "it breaks the table's rule v <> 'bad' (CHECK)",
	},
	"a number that a column would round": {
		schema: []string{`CREATE TABLE t(id INTEGER, v REAL)`}, bad: 1<<53 + 1,
		reason: "v: 9007199254740993 would lose digits in a REAL column",
	},
}

// parents takes what good values the tests write.
const parents = `INSERT INTO p WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT i FROM n`

func trigger(raise string) []string {
	return []string{
		`CREATE TABLE t(id INTEGER, v)`,
		`CREATE TRIGGER g BEFORE INSERT ON t WHEN new.v = 'bad' BEGIN SELECT RAISE(` + raise + `); END`,
	}
}

func TestRefusedRows(t *testing.T) {
	places := map[string][]int{
		"none": nil, "the first": {0}, "the last": {99}, "two together": {41, 42}, "both ends": {0, 1, 98, 99},
		"all": count(100), "every third": {0, 3, 6, 33, 66, 99},
	}
	if testing.Short() {
		places = map[string][]int{"both ends": places["both ends"], "every third": places["every third"]}
	}
	for name, v := range violations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for place, bad := range places {
				path := database(t, v.schema...)
				before := read(t, path, "SELECT count(*) FROM t")
				checkRefused(t, place, path, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append, OnConflict: v.policy}, v.bad, v.reason, bad)
				if before == "0" {
					expect(t, place+": highest", read(t, path, "SELECT count(*) FROM t WHERE id < 0"), "0")
				}
				sound(t, path)
			}
		})
	}
}

func count(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// checkRefused writes two batches with the bad value at some places of each.
func checkRefused(t *testing.T, place, path string, o Options, value any, reason string, bad []int) {
	t.Helper()
	l := open(t, o)
	var want, got []string
	good := ""
	for batch := range 2 {
		s := sheet{first: batch * 100}
		for i := range 100 {
			s.rows = append(s.rows, row(s.first+i, s.first+i))
		}
		for _, i := range bad {
			s.rows[i][1] = value
			want = append(want, fmt.Sprintf("%d %s", s.first+i+1, reason))
		}
		o := write(t, l, s)
		if len(o.Rejects) > 0 {
			got = append(got, strings.Split(rejects(o), "\n")...)
			expect(t, place+": raw", string(o.Rejects[0].Raw), fmt.Sprintf("%v", s.rows[bad[0]]))
		}
		expect(t, place+": inserted", o.Inserted, 100-len(bad))
		expect(t, place+": others", o.Updated+o.Skipped, 0)
		for i, r := range s.rows {
			if !slices.Contains(bad, i) {
				good += fmt.Sprintln(r[0])
			}
		}
	}
	finish(t, l)
	expect(t, place+": rejects", strings.Join(got, "\n"), strings.Join(want, "\n"))
	expect(t, place+": table", read(t, path, "SELECT id FROM t WHERE id >= 0 ORDER BY id"), strings.TrimSpace(good))
	p := l.Progress()
	expect(t, place+": progress", fmt.Sprint(p.Offset, p.Line, p.Inserted, p.Rejected), fmt.Sprint(2000, 201, 200-2*len(bad), 2*len(bad)))
}

func TestIgnoredRowsAreSkipped(t *testing.T) {
	path := database(t, trigger("IGNORE")...)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append}, row(1, "bad"), row(2, "good"), row(3, "bad"))
	expect(t, "counts", fmt.Sprint(o.Inserted, o.Skipped, len(o.Rejects)), "1 2 0")
	expect(t, "table", read(t, path, "SELECT * FROM t"), "2 good")
}

func TestWhatTriggersWriteDoesNotCount(t *testing.T) {
	path := database(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, v)`, `CREATE TABLE log(v)`, `INSERT INTO t VALUES (1, 'old')`,
		`CREATE TRIGGER a AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.v), (new.v); END`,
		`CREATE TRIGGER b AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (new.v), (new.v); END`,
		`CREATE TRIGGER c AFTER INSERT ON t WHEN new.id < 100 BEGIN INSERT INTO t VALUES (new.id + 100, NULL); END`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append, OnConflict: Update}, row(1, "new"), row(2, "x"))
	expect(t, "counts", fmt.Sprint(o.Inserted, o.Updated, o.Skipped), "1 1 0")
	expect(t, "log", read(t, path, "SELECT count(*) FROM log"), "6")
	expect(t, "table", read(t, path, "SELECT id FROM t"), "1\n2\n102")
}

func TestARowIsRefusedWhole(t *testing.T) {
	// RAISE(FAIL) leaves the update that it refuses.
	path := database(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, v)`, `INSERT INTO t VALUES (1, 'old')`,
		`CREATE TRIGGER g AFTER UPDATE ON t BEGIN SELECT RAISE(FAIL, 'no'); END`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append, OnConflict: Update}, row(2, "x"), row(1, "new"), row(3, "y"))
	expect(t, "rejects", rejects(o), "2 no (says a trigger of the table)")
	expect(t, "counts", fmt.Sprint(o.Inserted, o.Updated, o.Skipped), "2 0 0")
	expect(t, "table", read(t, path, "SELECT * FROM t"), "1 old\n2 x\n3 y")
}

func TestARollingTriggerKeepsEarlierBatches(t *testing.T) {
	// The transaction that the trigger undoes is the batch's own.
	path := database(t, trigger("ROLLBACK, 'no'")...)
	l := open(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append})
	write(t, l, sheet{rows: [][]any{row(1, "a"), row(2, "b")}})
	o := write(t, l, sheet{first: 2, rows: [][]any{row(3, "c"), row(4, "bad"), row(5, nil), row(6, "bad"), row(7, "g")}})
	expect(t, "rejects", rejects(o), "4 no (says a trigger of the table)\n6 no (says a trigger of the table)")
	finish(t, l)
	expect(t, "table", read(t, path, "SELECT group_concat(id) FROM t"), "1,2,3,5,7")
}

func TestParentsMayComeInTheSameBatch(t *testing.T) {
	path := database(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, v REFERENCES t)`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append}, row(1, 2), row(2, nil), row(3, 9))
	expect(t, "inserted", o.Inserted+len(o.Rejects), 3)
	expect(t, "orphans", read(t, path, "PRAGMA foreign_key_check"), "")
}

func TestForeignKeysOfSeveralColumns(t *testing.T) {
	path := database(t, `CREATE TABLE p(a, b, PRIMARY KEY(b, a))`, `INSERT INTO p VALUES (1, 2)`,
		`CREATE TABLE t(x, y, z, FOREIGN KEY (x, y) REFERENCES p(a, b))`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("x", "y"), Mode: Append}, row(1, 2), row(2, 1), row(nil, 9))
	expect(t, "rejects", rejects(o), "2 x, y: p has no row with a, b 2, 1")
	expect(t, "table", read(t, path, "SELECT x, y FROM t"), "1 2\n<nil> 9")
}

func TestRowsOthersReferToAreNotTakenAway(t *testing.T) {
	path := database(t, `CREATE TABLE t(id INTEGER PRIMARY KEY, v UNIQUE)`, `CREATE TABLE child(v REFERENCES t(v))`,
		`INSERT INTO t VALUES (1, 'a')`, `INSERT INTO child VALUES ('a')`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append, OnConflict: Update}, row(1, "b"), row(2, "c"))
	expect(t, "rejects", rejects(o), "1 it refers to a row that is missing, or would take away one that others refer to (FOREIGN KEY)")
	expect(t, "table", read(t, path, "SELECT * FROM t"), "1 a\n2 c")
}

func TestTwoKindsOfRefusalInOneBatch(t *testing.T) {
	// The first comes to light at COMMIT, if not looked for, the second at once.
	path := database(t, `CREATE TABLE p(k INTEGER PRIMARY KEY)`, `CREATE TABLE t(id UNIQUE, v REFERENCES p DEFERRABLE INITIALLY DEFERRED)`)
	o := load(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append}, row(1, nil), row(2, 7), row(1, nil), row(3, nil))
	expect(t, "rejects", rejects(o), "2 v: p has no row with k 7\n3 id: another row has this value already")
	expect(t, "table", read(t, path, "SELECT group_concat(id) FROM t"), "1,3")
}

func TestEveryRowCanBeRefused(t *testing.T) {
	path := database(t, `CREATE TABLE t(id INTEGER, v CHECK (false))`)
	l := open(t, Options{Path: path, Table: "t", Columns: cols("id", "v"), Mode: Append})
	s := sheet{}
	for i := range 2000 {
		s.rows = append(s.rows, row(i, "x"))
	}
	o, err := l.Write(context.Background(), s)
	expect(t, "error", err, nil)
	expect(t, "rejects", len(o.Rejects), 2000)
	finish(t, l)
}

// gaps is a sheet between whose records lines are missing, as those that a
// parser has rejected.
type gaps struct{ sheet }

func (g gaps) Line(row int) int64 { return 3*g.sheet.Line(row) + 1000 }

func TestRejectsComeInTheOrderOfTheRows(t *testing.T) {
	for name, more := range map[string]string{
		"found row by row": `SELECT 1`,
		"found by halves":  `CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END`,
	} {
		path := database(t, `CREATE TABLE t(n INTEGER UNIQUE, v CHECK (v <> 'bad'))`, more)
		s := sheet{first: 5}
		var want []string
		for i := range 60 {
			n, v := any(i), "good"
			switch {
			case i%7 == 3: // seen before SQLite gets it
				n = "99999999999999999999"
			case i%5 == 4:
				v = "bad"
			case i%11 == 10:
				n = 0
			}
			s.rows = append(s.rows, row(n, v))
			if n != any(i) || v == "bad" {
				want = append(want, fmt.Sprint(3*(5+i+1)+1000))
			}
		}
		l := open(t, Options{Path: path, Table: "t", Columns: cols("n", "v"), Mode: Append})
		var got []string
		for _, r := range write(t, l, gaps{s}).Rejects {
			got = append(got, fmt.Sprint(r.Line))
		}
		finish(t, l)
		expect(t, name, strings.Join(got, " "), strings.Join(want, " "))
	}
}
