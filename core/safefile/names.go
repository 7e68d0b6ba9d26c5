package safefile

import (
	"hash/fnv"
	"io"
	"strings"
)

// Names are the names given so far, for when several files would have the
// same. Its zero value works; it is for one goroutine.
//
// They are compared in lower case, because many file systems do not tell the
// cases apart, and kept as hashes, of which a million take little memory:
// should two names have the same, the second gets a number that it does not
// need.
type Names struct {
	given map[uint64]struct{}
	next  map[uint64]int // the number to try next for a name that was wanted again
}

// Give gives a name, a path below a folder, numbered if it is given already.
func (n *Names) Give(name string) string {
	if n.given == nil {
		n.given, n.next = map[uint64]struct{}{}, map[uint64]int{}
	}
	key := hashed(name)
	for i := max(1, n.next[key]); ; i++ {
		numbered := Numbered(name, i)
		k := hashed(numbered)
		if _, taken := n.given[k]; !taken {
			n.given[k] = struct{}{}
			return numbered
		}
		n.next[key] = i + 1
	}
}

func hashed(name string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, strings.ToLower(name))
	return h.Sum64()
}
