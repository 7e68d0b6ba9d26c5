package load_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"manyhands/core/catalog"
	"manyhands/core/database"
	"manyhands/core/load"
)

// child is what this test's own program does instead of testing, if it was
// started as one: it loads until it is done or killed.
func child() bool {
	dir := os.Getenv("LOAD_CHILD")
	if dir == "" {
		return false
	}
	if err := loadKilled(dir, os.Getenv("LOAD_MODE")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

func killed(dir, mode string) *load.Config {
	c := catalog.Defaults(new(load.Config))
	c.Files, c.DB, c.Table, c.Mode = []string{filepath.Join(dir, "a.csv")}, filepath.Join(dir, "the.db"), "t", mode
	c.Index = []string{"n"}
	if mode != "append" {
		c.Key = []string{"id"}
	}
	c.Small(1<<14, 500)
	return c
}

// loadKilled begins a load, or goes on with the one that was begun.
func loadKilled(dir, mode string) error {
	c, ctx := killed(dir, mode), context.Background()
	if _, err := os.Stat(c.DB); err == nil {
		list, err := database.List(ctx, c.DB)
		switch {
		case err != nil:
			return err
		case len(list) > 0:
			c.Mode = "resume"
		case loaded(ctx, c): // and killed just then
			return nil
		}
	}
	run, err := c.Start(ctx, nil)
	if err != nil {
		return err
	}
	_, err = run.Wait()
	return err
}

func loaded(ctx context.Context, c *load.Config) bool {
	b, err := database.Browse(ctx, c.DB)
	if err != nil {
		return false
	}
	defer b.Close()
	g, err := b.Query(ctx, "SELECT 1 FROM t WHERE id = 1", 1)
	return err == nil && len(g.Rows) > 0
}

// killedFile has records that cannot be read and records whose key is taken;
// rejects are what is to be said about them.
func killedFile(n int) (text string, rejects []string) {
	var s strings.Builder
	s.WriteString("id,n,filling\n")
	filling := strings.Repeat("filling ", 8)
	for i := range n {
		row := fmt.Sprintf("%d,row %d,%s", i, i, filling)
		switch {
		case i%97 == 50:
			row = fmt.Sprintf("%d,short", i)
			rejects = append(rejects, fmt.Sprintf("%d|2 fields, the header has 3|%s", i+2, row))
		case i%101 == 60:
			row = fmt.Sprintf("1,row %d,taken", i)
			rejects = append(rejects, fmt.Sprintf("%d|id: another row has this value already|%s", i+2, row))
		}
		s.WriteString(row + "\n")
	}
	return s.String(), rejects
}

// TestKilledLoadsAreExact kills a load again and again, at any moment, until
// one gets through: every row is in the table or in the file of rejects, once.
func TestKilledLoadsAreExact(t *testing.T) {
	t.Parallel()
	wanted, rows := 100, 60_000
	if testing.Short() {
		wanted, rows = 10, 6000
	}
	text, rejects := killedFile(rows)
	kills := 0
	for round := 0; kills < wanted && !t.Failed(); round++ {
		mode := []string{"create", "append", "replace-table"}[round%3]
		dir := t.TempDir()
		c := killed(dir, mode)
		put(t, c.Files[0], text)
		if mode != "create" {
			oldTable(t, c.DB)
		}
		kills += killUntilDone(t, dir, mode)
		want := fmt.Sprintf("%d|%d", rows-len(rejects), rows-len(rejects))
		equal(t, mode, query(t, c.DB, "SELECT count(*), sum(n = 'row ' || id) FROM t WHERE id >= 0"), want)
		equal(t, mode+": index", query(t, c.DB, "SELECT count(*) FROM sqlite_schema WHERE name = 't_n_idx'"), 1)
		if got := rejected(t, beside(c)); strings.Join(got, "\n") != strings.Join(rejects, "\n") {
			t.Errorf("%s: %d rejects differ from %d", mode, len(got), len(rejects))
		}
		if more, _ := filepath.Glob(filepath.Join(dir, "*rejects*")); len(more) != 1 {
			t.Errorf("%s: files of rejects: %v", mode, more)
		}
		sound(t, c.DB)
		_ = os.RemoveAll(dir)
	}
	t.Logf("%d kills", kills)
}

// oldTable makes a table for rows to be added to, or to be replaced.
func oldTable(t *testing.T, db string) {
	t.Helper()
	alter(t, db, "CREATE TABLE t(id INTEGER PRIMARY KEY, n TEXT, filling TEXT)", "INSERT INTO t VALUES (-1, 'old', '')")
}

// killUntilDone starts children until one gets to the end, and says how many
// did not.
func killUntilDone(t *testing.T, dir, mode string) (kills int) {
	t.Helper()
	for {
		var output bytes.Buffer
		cmd := exec.Command(os.Args[0])
		cmd.Env, cmd.Stderr = append(os.Environ(), "LOAD_CHILD="+dir, "LOAD_MODE="+mode), &output
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		life := time.Duration(30+rand.IntN(250+60*kills)) * time.Millisecond
		timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if err == nil {
			return kills
		}
		if _, exited := errors.AsType[*exec.ExitError](err); !exited || output.Len() > 0 {
			t.Fatalf("after %d kills: %v %s", kills, err, &output)
		}
		kills++
	}
}
