package practice

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func TestContentIsWhatAReaderAndASeekerShouldBe(t *testing.T) {
	for _, size := range []int64{0, 1, 7, 8, 9, 1000} {
		whole, err := io.ReadAll(newContent(size, 1))
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(newContent(size, 1), whole); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestContentIsTheSameFromAnyPlace(t *testing.T) {
	whole, _ := io.ReadAll(newContent(1000, 5))
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Int64Range(0, 1000).Draw(t, "from")
		part := make([]byte, rapid.Int64Range(0, 1000-from).Draw(t, "length"))
		c := newContent(1000, 5)
		if _, err := c.Seek(from-1000, io.SeekEnd); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, part); err != nil || !bytes.Equal(part, whole[from:from+int64(len(part))]) {
			t.Fatalf("%d bytes from %d differ: %v", len(part), from, err)
		}
	})
}

func TestContentDiffersBySizeAndSeed(t *testing.T) {
	beginnings := map[string]bool{}
	for _, c := range []*content{newContent(100, 0), newContent(101, 0), newContent(100, 1), newContent(0x64, 100)} {
		begin := make([]byte, 16)
		_, _ = io.ReadFull(c, begin)
		beginnings[string(begin)] = true
	}
	if len(beginnings) != 4 {
		t.Errorf("4 files have %d beginnings", len(beginnings))
	}
}

func BenchmarkContent(b *testing.B) {
	p, c := make([]byte, 32<<10), newContent(1<<50, 0)
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		_, _ = c.Read(p)
	}
}
