package database

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"manyhands/core/cell"
)

// users is rows as the peers get them: id, name, email, created_at, about 63
// bytes. Its texts are parts of one, as a parser's are.
type users struct {
	first int
	text  string
	ends  []int32 // of each text
}

func newUsers(n int) users {
	var text strings.Builder
	u := users{ends: make([]int32, 1, 3*n+1)}
	for i := range n {
		s := strconv.Itoa(i + 1)
		for _, t := range []string{"user" + s, "user" + s + "@example.com", "2026-01-01T00:00:00Z"} {
			text.WriteString(t)
			u.ends = append(u.ends, int32(text.Len()))
		}
	}
	u.text = text.String()
	return u
}

func (u users) part(from, to int) users {
	return users{u.first + from, u.text, u.ends[3*from : 3*to+1]}
}

func (u users) Len() int { return len(u.ends) / 3 }
func (users) Kind(_, col int) cell.Kind {
	if col == 0 {
		return cell.Integer
	}
	return cell.Text
}
func (u users) Int(row, _ int) int64 { return int64(u.first + row + 1) }
func (users) Real(int, int) float64  { return 0 }
func (u users) Text(row, col int) string {
	i := 3*row + col
	return u.text[u.ends[i-1]:u.ends[i]]
}
func (u users) Line(row int) int64 { return int64(u.first + row + 1) }
func (users) Raw(int) []byte       { return nil }
func (u users) End(row int) int64  { return int64(u.first + row + 1) }

const (
	benchRows  = 1_000_000
	benchBatch = 16_000
)

// BenchmarkWrite is the lane alone, without a parser:
//
//	go test -run xxx -bench 'Write|Import' -benchtime 1x -count 3 ./core/database
func BenchmarkWrite(b *testing.B) {
	all := newUsers(benchRows)
	for _, policy := range []Policy{RejectRow, Skip, ReplaceRow, Update} {
		b.Run(string(policy), func(b *testing.B) {
			for b.Loop() {
				path := filepath.Join(b.TempDir(), "b.db")
				l := open(b, Options{
					Path: path, Table: "users", Columns: cols("id:INTEGER", "name:TEXT", "email:TEXT", "created_at:TEXT"),
					Key: []string{"id"}, OnConflict: policy, Source: Source{Name: "b"},
				})
				for from := 0; from < benchRows; from += benchBatch {
					write(b, l, all.part(from, min(from+benchBatch, benchRows)))
				}
				finish(b, l)
			}
			b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkImport is the sqlite3 shell on the same rows.
func BenchmarkImport(b *testing.B) {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Skip("no sqlite3")
	}
	all := newUsers(benchRows)
	csv := filepath.Join(b.TempDir(), "users.csv")
	writeCSV(b, csv, all)
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "i.db")
		output, err := exec.Command(shell, path, "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT, created_at TEXT)",
			".import --csv "+csv+" users").CombinedOutput()
		if err != nil {
			b.Fatalf("%v %s", err, output)
		}
	}
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkRows is a commit for each row.
func BenchmarkRows(b *testing.B) {
	path := filepath.Join(b.TempDir(), "b.db")
	r, err := OpenRows(context.Background(), Options{Path: path, Table: "users", Columns: cols("id:INTEGER", "name:TEXT", "email:TEXT", "created_at:TEXT"), Key: []string{"id"}})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	all := newUsers(100_000)
	n := 0
	for b.Loop() {
		if _, err := r.Insert(context.Background(), all, n); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkRowsOfPython is the same by Python's sqlite3.
func BenchmarkRowsOfPython(b *testing.B) {
	python, err := exec.LookPath("python3")
	if err != nil {
		b.Skip("no python3")
	}
	path := filepath.Join(b.TempDir(), "p.db")
	script := fmt.Sprintf(`
import sqlite3
c = sqlite3.connect(%q)
c.execute("CREATE TABLE IF NOT EXISTS users(id INTEGER PRIMARY KEY, name TEXT, email TEXT, created_at TEXT)")
for i in range(1000):
    c.execute("INSERT INTO users(name, email, created_at) VALUES (?,?,?)", (f"user{i}", f"user{i}@example.com", "2026-01-01T00:00:00Z"))
    c.commit()
`, path)
	for b.Loop() {
		if output, err := exec.Command(python, "-c", script).CombinedOutput(); err != nil {
			b.Fatalf("%v %s", err, output)
		}
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "rows/s")
}

func writeCSV(b *testing.B, path string, all users) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(file)
	for i := range all.Len() {
		fmt.Fprintf(w, "%d,%s,%s,%s\n", all.Int(i, 0), all.Text(i, 1), all.Text(i, 2), all.Text(i, 3))
	}
	if err := errors.Join(w.Flush(), file.Close()); err != nil {
		b.Fatal(err)
	}
}
