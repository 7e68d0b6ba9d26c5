package transfer

import (
	"cmp"
	"slices"
)

// span are the bytes of a file from the first place to before the second.
type span struct{ from, to int64 }

func (s span) size() int64 { return s.to - s.from }

// spans are in order, with a gap between any two.
type spans []span

// add takes in a span that overlaps none.
func (s spans) add(n span) spans {
	if n.size() <= 0 {
		return s
	}
	i, _ := slices.BinarySearchFunc(s, n, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	s = slices.Insert(s, i, n)
	if i+1 < len(s) && s[i].to == s[i+1].from {
		s[i].to = s[i+1].to
		s = slices.Delete(s, i+1, i+2)
	}
	if i > 0 && s[i-1].to == s[i].from {
		s[i-1].to = s[i].to
		s = slices.Delete(s, i, i+1)
	}
	return s
}

// gaps are what is missing up to an end.
func (s spans) gaps(end int64) spans {
	var gaps spans
	at := int64(0)
	for _, done := range s {
		gaps = gaps.add(span{at, min(done.from, end)})
		at = done.to
	}
	return gaps.add(span{at, end})
}

func (s spans) size() (n int64) {
	for _, part := range s {
		n += part.size()
	}
	return n
}

// prefix is how many bytes there are from the start on.
func (s spans) prefix() int64 {
	if len(s) == 0 || s[0].from > 0 {
		return 0
	}
	return s[0].to
}

// end is where the last one ends.
func (s spans) end() int64 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].to
}
