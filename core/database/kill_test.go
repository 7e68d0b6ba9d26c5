package database

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const records = 6000

// helper is what this test's own program does instead of testing, if it was
// started as a child: it loads rows until it is done or killed.
func helper(*testing.M) bool {
	path := os.Getenv("LANE_CHILD")
	if path == "" {
		return false
	}
	if other := children[os.Getenv("LANE_MODE")]; other != nil {
		other(path)
		return true
	}
	if err := child(context.Background(), path, Mode(os.Getenv("LANE_MODE"))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
	return true
}

// children are other things that a child can do.
var children = map[string]func(path string){}

// child loads, or goes on, and keeps the lines of rejects in a file beside.
func child(ctx context.Context, path string, mode Mode) error {
	file, err := os.OpenFile(path+".rejects", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	o := resumable(path)
	o.Mode, o.Index, o.CommitRows = mode, []string{"n"}, 500
	o.Mark = func() (Mark, error) {
		size, err := file.Seek(0, 2)
		return Mark{Bytes: size}, errors.Join(err, file.Sync())
	}
	o.Resume = true
	l, err := Open(ctx, o)
	if errors.Is(err, ErrNoLoad) || errors.Is(err, fs.ErrNotExist) {
		if finished(ctx, path) { // and was killed just then
			return nil
		}
		o.Resume = false
		l, err = Open(ctx, o)
	}
	if err != nil {
		return err
	}
	defer l.Close()
	p := l.Progress()
	if err := file.Truncate(p.Mark.Bytes); err != nil {
		return err
	}
	if _, err := file.Seek(0, 2); err != nil {
		return err
	}
	for _, s := range source(int(p.Offset/10), records, 70) {
		outcome, err := l.Write(ctx, s)
		if err != nil {
			return err
		}
		for _, r := range outcome.Rejects {
			fmt.Fprintln(file, r.Line)
		}
		time.Sleep(time.Millisecond) // so that there is time to be killed in
	}
	_, err = l.Finish(ctx)
	return err
}

func finished(ctx context.Context, path string) bool {
	b, err := Browse(ctx, path)
	if err != nil {
		return false
	}
	defer b.Close()
	g, err := b.Query(ctx, "SELECT 1 FROM t WHERE n > 0", 1)
	return err == nil && len(g.Rows) > 0
}

// TestKilledLoadsAreExact kills a load again and again, at any moment, until
// one gets through: every row and every reject is there once, without a key.
func TestKilledLoadsAreExact(t *testing.T) {
	t.Parallel()
	rounds := 100
	if testing.Short() {
		rounds = 5
	}
	killed := 0
	for round := 0; killed < rounds; round++ {
		for _, mode := range []Mode{Append, Replace, Create} {
			path := database(t, checked, `INSERT INTO t VALUES (-1, 'old')`)
			want := 5401
			if mode != Append { // the new table has no CHECK
				want = records
			}
			if mode == Create {
				path = filepath.Join(t.TempDir(), "new.db")
			}
			killed += killedLoad(t, path, mode)
			expect(t, "rows", read(t, path, "SELECT count(*), count(DISTINCT n), max(n) FROM t"),
				fmt.Sprint(want, want, 5998+btoi(mode != Append)))
			if t.Failed() {
				return
			}
			checkRejects(t, path, mode)
			sound(t, path)
		}
	}
	t.Logf("%d kills", killed)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func checkRejects(t *testing.T, path string, mode Mode) {
	t.Helper()
	content, err := os.ReadFile(path + ".rejects")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	if mode == Append {
		for line := 10; line <= records; line += 10 {
			fmt.Fprintln(&want, line)
		}
	}
	if !bytes.Equal(content, []byte(want.String())) {
		t.Errorf("%s: %d bytes of rejects, want %d", mode, len(content), want.Len())
	}
}

// killedLoad starts children until one gets to the end, and says how many did
// not.
func killedLoad(t *testing.T, path string, mode Mode) (killed int) {
	t.Helper()
	for {
		// A child that lives long enough ends the load.
		life := time.Duration(20+rand.IntN(150*(1+killed))) * time.Millisecond
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "LANE_CHILD="+path, "LANE_MODE="+string(mode))
		var output bytes.Buffer
		cmd.Stderr = &output
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		switch {
		case err == nil:
			return killed
		case output.Len() > 0:
			t.Fatalf("after %d kills: %s", killed, &output)
		}
		killed++
	}
}
