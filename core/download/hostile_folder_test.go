package download_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
	"manyhands/core/safefile"
)

// damage changes a byte in the middle of the unfinished files in a folder.
func damage(t *testing.T, folder string) {
	t.Helper()
	_, unfinished := files(t, folder)
	damaged := 0
	for name, text := range unfinished {
		if !strings.HasSuffix(name, ".part") || len(text) < 1000 {
			continue
		}
		damaged++
		bytes := []byte(text)
		bytes[500] ^= 0xff
		if err := os.WriteFile(filepath.Join(folder, name), bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if damaged != 1 {
		t.Fatalf("%d parts, want one", damaged)
	}
}

// library serves files of several sizes by their paths, /0.bin and so on, in
// pieces, so that it takes a while.
type library struct {
	seed  uint64
	sizes []int
	pause time.Duration // after each piece
	piece int
	hurry atomic.Bool // no pauses from now on

	mu    sync.Mutex
	known map[int][]byte // contents
}

func (l *library) file(path string) hostile.File {
	var i int
	_, _ = fmt.Sscanf(filepath.Base(path), "%d", &i)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[int][]byte{}
	}
	if l.known[i] == nil {
		l.known[i] = hostile.Content(l.seed+uint64(i), l.sizes[i])
	}
	return hostile.File{Content: l.known[i], ETag: fmt.Sprintf(`"%d-%d"`, l.seed, i)}
}

func (l *library) answer(c *hostile.Conn, r *hostile.Request) {
	a := l.file(r.URL.Path).Answer(r)
	c.Begin(a)
	for len(a.Body) > 0 && (l.pause == 0 || l.hurry.Load() || c.Wait(l.pause)) {
		n := min(l.piece, len(a.Body))
		if c.Print(string(a.Body[:n])) != nil {
			_ = c.Close()
			return
		}
		a.Body = a.Body[n:]
	}
}

func (l *library) addresses(server string) (all []string) {
	for i := range l.sizes {
		all = append(all, fmt.Sprintf("%s/%d.bin", server, i))
	}
	return all
}

// check wants every file that is there under its last name to be whole, and
// with complete, each to be there once.
func (l *library) check(t *testing.T, folder string, complete bool) {
	t.Helper()
	finished, unfinished := files(t, folder)
	for name, text := range finished {
		if text != string(l.file(name).Content) {
			t.Errorf("%s: %d bytes that are not the file", name, len(text))
		}
	}
	if complete && (len(finished) != len(l.sizes) || len(unfinished) > 0) {
		t.Errorf("%d of %d files, %d unfinished", len(finished), len(l.sizes), len(unfinished))
	}
}

var mixed = []int{0, 10, 5000, 300_000, 600_000, 2_000_000, 5_000_000, 20_000_000}

func TestTwoRunsIntoOneFolder(t *testing.T) {
	t.Parallel()
	for _, existing := range []safefile.Existing{safefile.Skip, safefile.Rename, safefile.Replace} {
		t.Run(string(existing), func(t *testing.T) {
			t.Parallel()
			mine := &library{seed: 10, sizes: mixed, pause: time.Millisecond, piece: 50_000}
			theirs := &library{seed: 50, sizes: mixed[:5], pause: time.Millisecond, piece: 50_000}
			server, other := hostile.Serve(t, mine.answer), hostile.Serve(t, theirs.answer)
			folder := t.TempDir()
			var outcomes [3]outcome
			var wg sync.WaitGroup
			for i, urls := range [][]string{mine.addresses(server.URL), mine.addresses(server.URL), theirs.addresses(other.URL)} {
				c := settings(t, urls...)
				c.To, c.Existing, c.Retries = folder, existing, 2
				wg.Go(func() { outcomes[i] = run(t, c) }) // ends with the run
			}
			wg.Wait()
			checkShared(t, folder, mine, theirs, outcomes[:])
		})
	}
}

// checkShared wants every file under a last name to be whole, and every
// download that some run says to have done to be there, unless it may have been
// replaced.
func checkShared(t *testing.T, folder string, mine, theirs *library, outcomes []outcome) {
	t.Helper()
	finished, unfinished := files(t, folder)
	for name, text := range finished {
		base := name
		if stem, _, numbered := strings.Cut(name, "-"); numbered {
			base = stem + ".bin"
		}
		var i int
		_, _ = fmt.Sscanf(base, "%d", &i)
		if text != string(mine.file(base).Content) && (i >= len(theirs.sizes) || text != string(theirs.file(base).Content)) {
			t.Errorf("%s: %d bytes that nobody has", name, len(text))
		}
	}
	if len(unfinished) > 0 {
		t.Errorf("%d files are left over", len(unfinished))
	}
	done := map[string]bool{}
	for i, o := range outcomes {
		if o.err != nil {
			t.Errorf("run %d: %v", i, o.err)
		}
		for _, row := range o.rows {
			done[row.Item] = done[row.Item] || row.Status == core.OK
			if row.Status == core.Failed {
				expectWords(t, row)
				t.Logf("%s: %v", row.Item, row.Err)
			}
			if d, _ := row.Out.(download.Download); row.Status == core.OK && o.Existing != safefile.Replace {
				l := mine
				if i == 2 {
					l = theirs
				}
				if finished[d.File] != string(l.file(row.Item).Content) {
					t.Errorf("run %d: %s is not under %s", i, row.Item, d.File)
				}
			}
		}
	}
	for item, done := range done {
		if !done && outcomes[0].Existing != safefile.Skip {
			t.Errorf("%s: nobody has it", item)
		}
	}
}

func TestCancelledAtAnyMoment(t *testing.T) {
	t.Parallel()
	l := &library{seed: 100, sizes: mixed, pause: time.Millisecond, piece: 100_000}
	server := hostile.Serve(t, l.answer)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	c := settings(t, l.addresses(server.URL)...)
	for range 12 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(chance.IntN(120))*time.Millisecond)
		r, err := c.Start(ctx, nil)
		if err != nil {
			cancel()
			continue // it was cancelled before it began
		}
		select {
		case <-r.Done():
		case <-time.After(longest):
			t.Fatal("it goes on")
		}
		_, err = r.Wait()
		cancel()
		if _, stuck := errors.AsType[*core.StuckError](err); stuck {
			t.Errorf("some of it goes on: %v", err)
		}
		l.check(t, c.To, false)
	}
	o := run(t, c)
	if o.report.Failed > 0 || o.report.OK+o.report.Skipped != len(mixed) {
		o.expect(t, len(mixed), 0, 0)
	}
	l.check(t, c.To, true)
}
