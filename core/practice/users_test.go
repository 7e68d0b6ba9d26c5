package practice

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestUsersAreTheSameEachTimeAndAFewLinesAreFaulty(t *testing.T) {
	var made [2][]byte
	for i := range made {
		path, err := Users(t.Context(), filepath.Join(t.TempDir(), "new"), 100_000)
		if err == nil {
			made[i], err = os.ReadFile(path)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("two files differ")
	}
	in := csv.NewReader(bytes.NewReader(made[0]))
	faulty, seen := 0, map[string]bool{}
	for n := range 100_001 {
		record, err := in.Read()
		switch {
		case errors.Is(err, csv.ErrFieldCount):
			faulty++
		case err != nil:
			t.Fatal(err)
		case n > 0:
			seen[record[3]] = true
		}
	}
	if faulty != 2 || len(seen) != len(towns) {
		t.Errorf("%d faulty lines, %d towns: %v", faulty, len(seen), seen)
	}
}

func TestUsersThatAreThereAreLeft(t *testing.T) {
	dir := t.TempDir()
	kept := filepath.Join(dir, "users.csv")
	if err := os.WriteFile(kept, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := Users(t.Context(), dir, 10)
	content, reading := os.ReadFile(kept)
	if err != nil || reading != nil || path != kept || string(content) != "mine" {
		t.Errorf("%s is %q: %v, %v", path, content, err, reading)
	}
}
