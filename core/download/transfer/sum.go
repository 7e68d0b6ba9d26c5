package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
	"sync"
)

// sum is the SHA-256 of the first bytes of a file, computed as they come. What
// comes out of order is read from the file at the end, and so is all of a file
// that another try began: only what is on the disk counts.
type sum struct {
	mu   sync.Mutex
	hash hash.Hash
	at   int64 // so many bytes
}

func newSum() *sum { return &sum{hash: sha256.New()} }

// add takes bytes in if they are the next ones.
func (s *sum) add(b []byte, at int64) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if at == s.at {
		_, _ = s.hash.Write(b)
		s.at += int64(len(b))
	}
}

func (s *sum) text() string { return hex.EncodeToString(s.hash.Sum(nil)) }

// check computes the checksum and compares it, if one is wanted.
func (t *try) check(ctx context.Context) error {
	if t.sum == nil {
		return nil
	}
	if t.sum.at < t.journal.Total {
		t.progress.phase.Store(checking)
		if err := t.sumRest(ctx); err != nil {
			return err
		}
	}
	return t.compare()
}

func (t *try) sumRest(ctx context.Context) error {
	b := borrow(largeBuffer)
	defer giveBack(b)
	for t.sum.at < t.journal.Total {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		piece := (*b)[:min(int64(len(*b)), t.journal.Total-t.sum.at)]
		if _, err := t.part.ReadAt(piece, t.sum.at); err != nil {
			return err
		}
		t.sum.add(piece, t.sum.at)
	}
	return nil
}

// compare compares the sum. The wrong file is not kept.
func (t *try) compare() error {
	t.file.Sum = t.sum.text()
	if want := strings.ToLower(strings.TrimSpace(t.Sum)); want != "" && want != t.file.Sum {
		t.useless.Store(true)
		return &SumError{want, t.file.Sum}
	}
	return nil
}
