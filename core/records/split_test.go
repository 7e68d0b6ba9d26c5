package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// split cuts text into blocks, which stay as they are.
func split(t testing.TB, l *Layout, text io.Reader, size int) []*Block {
	t.Helper()
	var blocks []*Block
	s := splitter{
		scanner: scanner{dialect: l.dialect()}, text: text, consumed: func() int64 { return 0 },
		size: size, next: Position{Line: 1},
	}
	err := s.run(context.Background(), func(b *Block) bool {
		kept := *b
		kept.Data = bytes.Clone(b.Data)
		blocks = append(blocks, &kept)
		b.Release()
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return blocks
}

// check reads text in blocks of a size, and compares with all in one.
func check(t testing.TB, l *Layout, text string, size int) {
	t.Helper()
	var got []item
	var joined []byte
	at, whole := Position{Line: 1}, true
	p := NewParser(l, l.Columns)
	for i, b := range split(t, l, iotest.OneByteReader(strings.NewReader(text)), size) {
		if b.Seq != i || b.From != at || b.To.Offset <= b.From.Offset {
			t.Fatalf("%q, %d: block %d is %d from %v to %v after %v", text, size, i, b.Seq, b.From, b.To, at)
		}
		at, whole = b.To, whole && int64(len(b.Data)) == b.To.Offset-b.From.Offset
		joined = append(joined, b.Data...)
		got = append(got, items(p.Parse(b))...)
	}
	if whole && string(joined) != text || at.Offset != int64(len(text)) {
		t.Fatalf("%q, %d: joined %q", text, size, joined)
	}
	if want := items(parseText(l, l.Columns, text)); !reflect.DeepEqual(got, want) {
		t.Fatalf("%q in blocks of %d:\n got %+v\nwant %+v", text, size, got, want)
	}
}

// Whatever is between the records that are read or rejected are line ends.
func checkNothingLost(t testing.TB, l *Layout, text string) {
	t.Helper()
	blank := "\r\n"
	if l.Format == JSONL {
		blank += " \t"
	}
	at := 0
	for _, i := range items(parseText(l, l.Columns, text)) {
		before, raw := strings.TrimLeft(text[at:i.end], blank), strings.TrimLeft(i.raw, blank)
		if !strings.HasPrefix(before, raw) || strings.Trim(before[len(raw):], "\r\n") != "" {
			t.Fatalf("%q: from %d to %d there is %q, not %q", text, at, i.end, before, i.raw)
		}
		at = int(i.end)
	}
	if rest := strings.Trim(text[at:], blank); rest != "" {
		t.Fatalf("%q: %q is lost", text, rest)
	}
}

var tricky = []string{
	"a,b\n1,2\n3,4\n",
	"1,\"a\nb\",\r\n\"c\"\"\"\r\n\r\n\"\",\"\"\"\",\"d\r\n\"\r\n",
	"1,\"a\n2,\"b\"\n3,\"c\n\"x\n4,d\n",
	"1,\"a\"b\n\"c\nd\"e\nf\n",
	"1,\"unclosed\n2,b\n3,c\n4,d\n5,e",
	"\"\"\"\n\"\"\"\n\"\"\"\"\n\"a\n",
	"5\" pipe,\"x\ny\"\nz\",\"\n\"\r\n",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\"b\nc\"\nd\n",
	"\"a\nb\",ccccccccccccccccccccccccccccc,\"d\ne\"\nf\r\n",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaa\"\nb\n\"c\"\n",
	"\n\n\r\n\r\r\n\"\r\"\r\n",
	"\"a\"\r\nb\"\r",
	"1234567890123456\r\n12345678901234567\r\n",
}

func TestBlocksOfAnySize(t *testing.T) {
	for _, text := range tricky {
		for _, longest := range []int{0, 16} {
			for size := 1; size < 40; size++ {
				l := plainCSV(2)
				l.RecordSize = longest
				check(t, l, text, size)
				l.Newline = '\r'
				check(t, l, text, size)
				l.Newline, l.Format = '\n', JSONL
				check(t, l, text, size)
			}
		}
		checkNothingLost(t, plainCSV(2), text)
	}
}

// Random texts of the characters that matter find more than examples.
func TestBlocksOfRandomText(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		text := make([]byte, r.IntN(60))
		for i := range text {
			text[i] = ",\"\"\n\r\nab"[r.IntN(8)]
		}
		l := plainCSV(2)
		l.RecordSize = r.IntN(20)
		check(t, l, string(text), 1+r.IntN(30))
		if l.RecordSize == 0 {
			checkNothingLost(t, l, string(text))
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, text := range tricky {
		f.Add(text, uint8(3), uint8(16), false)
	}
	f.Add("{\"a\":1}\n\n{\"b\":\"x\"}\n", uint8(3), uint8(8), true)
	f.Fuzz(func(t *testing.T, text string, size, longest uint8, jsonl bool) {
		l := plainCSV(2)
		l.RecordSize = int(longest)
		if jsonl {
			l.Format = JSONL
		}
		check(t, l, text, int(size)+1)
		l.RecordSize = 0
		checkNothingLost(t, l, text)
	})
}

// A record that is too long is read over without being kept.
func TestEndlessLine(t *testing.T) {
	const length = 50 << 20
	l := plainCSV(2)
	text := io.MultiReader(strings.NewReader("1,2\n\"a\nb\","), io.LimitReader(letters{}, length), strings.NewReader("\r\n3,4\n"))
	blocks := split(t, l, text, 1<<16)
	var got []item
	largest, p := 0, NewParser(l, nil)
	for _, b := range blocks {
		largest = max(largest, len(b.Data))
		got = append(got, items(p.Parse(b))...)
	}
	if len(got) != 3 || got[2].fields != "3|4" || got[2].line != 4 {
		t.Fatalf("%d items, the last is %+v", len(got), got[len(got)-1])
	}
	huge := got[1]
	if huge.line != 2 || huge.end != 4+6+length+2 || len(huge.raw) != keptOfHuge || !strings.HasPrefix(huge.raw, "\"a\nb\",xxx") {
		t.Errorf("line %d to %d, %d bytes: %s", huge.line, huge.end, len(huge.raw), huge.reason)
	}
	if largest > 1<<16+keptOfHuge {
		t.Errorf("a block of %d bytes", largest)
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// A quote that nothing closes must not make reading quadratic, nor keep more
// than the longest record.
func TestQuotesThatNothingCloses(t *testing.T) {
	l := plainCSV(2)
	l.RecordSize = 1 << 20
	line := "1,\"open\n" + strings.Repeat("2,b\n", 100_000)
	blocks := split(t, l, strings.NewReader(strings.Repeat(line, 20)), 1<<16)
	p, n, rejected := NewParser(l, nil), 0, 0
	for _, b := range blocks {
		if len(b.Data) > 1<<17 {
			t.Fatalf("a block of %d bytes", len(b.Data))
		}
		batch := p.Parse(b)
		n, rejected = n+batch.Len(), rejected+len(batch.Rejects())
	}
	if n != 20*100_000 || rejected != 20 {
		t.Errorf("%d records and %d rejects", n, rejected)
	}
}

func TestSplitStops(t *testing.T) {
	f := open(t, strings.Repeat("1,2\n", 100_000), Options{BlockSize: 1000})
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := f.Blocks(Position{})(ctx, func(b *Block) bool {
		b.Release()
		if n++; n == 3 {
			cancel()
		}
		return true
	})
	if n != 3 || err != nil {
		t.Errorf("%d blocks after cancelling at 3, and %v", n, err)
	}
	n = 0
	err = f.Blocks(Position{})(t.Context(), func(*Block) bool { n++; return n < 5 })
	if n != 5 || err != nil {
		t.Errorf("%d blocks, of which the fifth was not taken, and %v", n, err)
	}
}

func TestErrorsOfReading(t *testing.T) {
	broken := errors.New("broken")
	s := splitter{
		scanner: scanner{dialect: plainCSV(2).dialect()}, consumed: func() int64 { return 0 }, size: 1 << 10,
		text: io.MultiReader(strings.NewReader(strings.Repeat("1,2\n", 1000)), iotest.ErrReader(broken)),
	}
	n := 0
	err := s.run(t.Context(), func(b *Block) bool { n += len(b.Data); return true })
	if !errors.Is(err, broken) || n == 0 {
		t.Errorf("%d bytes, then %v", n, err)
	}
}

func ExampleFile_Blocks() {
	f, err := Open("testdata/users.csv", Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	p := NewParser(f.Layout, nil)
	_ = f.Blocks(Position{})(context.Background(), func(b *Block) bool {
		batch := p.Parse(b)
		defer batch.Release()
		for row := range batch.Len() {
			fmt.Println(batch.Line(row), batch.Text(row, 1))
		}
		return true
	})
	// Output:
	// 2 Ann Smith
	// 3 Li, Bob
}
