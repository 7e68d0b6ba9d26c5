package images

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestBudgetBoundsThePixelsInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(100)
		var held, most atomic.Int64
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() { // ends after its share
				pixels := int64(10 + i)
				giveBack, err := b.take(t.Context(), pixels)
				if err != nil {
					t.Error(err)
					return
				}
				most.Store(max(most.Load(), held.Add(pixels)))
				time.Sleep(time.Second)
				held.Add(-pixels)
				giveBack()
			})
		}
		wg.Wait()
		if most.Load() > 100 || most.Load() < 60 {
			t.Errorf("%d pixels at once, of 100", most.Load())
		}
	})
}

func TestBudgetLetsAGiantInAlone(t *testing.T) {
	b := newBudget(100)
	giveBack, err := b.take(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := b.take(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beside the giant: %v", err)
	}
	giveBack()
	if _, err := b.take(t.Context(), 100); err != nil {
		t.Error(err)
	}
}

func TestGarbageIsCollectedAfterEnoughOfIt(t *testing.T) {
	var g garbage
	g.add(mostGarbage / 2)
	if g.bytes.Load() == 0 {
		t.Error("collected too early")
	}
	g.add(1 << 40)
	if left := g.bytes.Load(); left != 0 {
		t.Errorf("%d bytes are still counted", left)
	}
}

func walkOf(t *testing.T, c *Config) *walk {
	t.Helper()
	w, err := newWalk(c)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestAFolderThatVanishes takes a folder away after it was listed.
func TestAFolderThatVanishes(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "c"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	w := walkOf(t, &Config{Paths: []string{dir}, To: filepath.Join(dir, "out"), Name: "{name}", Format: "jpeg", Recursive: true})
	var items []Item
	err := w.items(t.Context(), func(it Item) bool {
		items = append(items, it)
		_ = os.Remove(filepath.Join(dir, "b"))
		return true
	})
	want := "the folder cannot be read (no such file or directory): check its permissions"
	if err != nil || len(items) != 3 || items[1].Path != "b/" || items[1].Wrong != want || items[1].Skip {
		t.Errorf("%v, %+v", err, items)
	}
}

func TestTheWalkStops(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c/d", "c/e"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700), os.WriteFile(filepath.Join(dir, name), nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for stop := 1; stop <= 4; stop++ {
		for _, byContext := range []bool{false, true} {
			ctx, cancel := context.WithCancel(t.Context())
			seen := 0
			w := walkOf(t, &Config{Paths: []string{dir}, Name: "{name}", Format: "jpeg", Recursive: true})
			err := w.items(ctx, func(Item) bool {
				if seen++; seen == stop && byContext {
					cancel()
				}
				return byContext || seen < stop
			})
			cancel()
			if err != nil || seen != stop {
				t.Errorf("stopped at %d (by context: %v), seen %d, %v", stop, byContext, seen, err)
			}
		}
	}
}
