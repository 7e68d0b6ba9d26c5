package records

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gzipped(t testing.TB, texts ...string) string {
	t.Helper()
	var b bytes.Buffer
	for _, text := range texts {
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func zstandard(t testing.TB, texts ...string) string {
	t.Helper()
	var b bytes.Buffer
	for _, text := range texts {
		z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// mixed has every kind of record and reject.
const mixed = "id,name,note\r\n1,Ann,x\r\n\r\n2,\"Li, \"\"Bob\"\"\",\"two\r\nlines\"\r\n3,ragged\r\n4,\"broken\r\n5,É,\r\n6,\"a\"b,c\r\n7,\"\n\n\",y\r\n8,end,z"

var packings = map[string]func(testing.TB) string{
	"plain":               func(testing.TB) string { return mixed },
	"byte order mark":     func(testing.TB) string { return "\uFEFF" + mixed },
	"gzip":                func(t testing.TB) string { return gzipped(t, mixed) },
	"gzip of two members": func(t testing.TB) string { return gzipped(t, mixed[:40], mixed[40:]) },
	"zstd":                func(t testing.TB) string { return zstandard(t, mixed) },
	"zstd of two frames":  func(t testing.TB) string { return zstandard(t, mixed[:40], mixed[40:]) },
	"UTF-16 in gzip":      func(t testing.TB) string { return gzipped(t, in16("\uFEFF"+mixed, false)) },
	"UTF-16 in zstd":      func(t testing.TB) string { return zstandard(t, in16(mixed, true)) },
}

// Reading from the end of any record on gives what is left.
func TestResume(t *testing.T) {
	for name, pack := range packings {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{1, 20, 1 << 20} {
				f := open(t, pack(t), Options{BlockSize: size})
				all := readAll(t, f, nil, Position{})
				if len(all) != 8 || all[0].line != 2 || all[7].line != 13 || all[7].fields != "8|end|z" {
					t.Fatalf("%+v", all)
				}
				for i, item := range all {
					counted := Position{Offset: item.end}
					if rest := readAll(t, f, nil, counted); !reflect.DeepEqual(rest, all[i+1:]) && len(rest)+len(all[i+1:]) > 0 {
						t.Errorf("after %+v:\n got %+v\nwant %+v", item, rest, all[i+1:])
					}
				}
			}
		})
	}
}

// A block tells where the next one begins, so that a plain file need not be
// read up to there.
func TestResumeAtBlocks(t *testing.T) {
	for name, pack := range packings {
		f := open(t, pack(t), Options{BlockSize: 20})
		all := readAll(t, f, nil, Position{})
		p, seen := NewParser(f.Layout, nil), 0
		err := f.Blocks(Position{})(t.Context(), func(block *Block) bool {
			b := p.Parse(block)
			seen += len(items(b))
			to := b.To()
			b.Release()
			if rest := readAll(t, f, nil, to); !reflect.DeepEqual(rest, all[seen:]) && len(rest)+len(all[seen:]) > 0 {
				t.Errorf("%s: from %v\n got %+v\nwant %+v", name, to, rest, all[seen:])
			}
			return true
		})
		if err != nil || seen != len(all) {
			t.Errorf("%s: %d items, %v", name, seen, err)
		}
	}
}

func TestProgress(t *testing.T) {
	text := "id,name\n" + strings.Repeat("1,Ann Smith\n", 200_000)
	for name, content := range map[string]string{"plain": text, "gzip": gzipped(t, text), "zstd": zstandard(t, text), "UTF-16": in16(text, true)} {
		f := open(t, content, Options{BlockSize: 64 << 10})
		var last int64
		blocks := 0
		err := f.Blocks(Position{})(t.Context(), func(b *Block) bool {
			if b.Consumed < last || b.Consumed > f.Size() {
				t.Errorf("%s: %d bytes of %d after %d", name, b.Consumed, f.Size(), last)
			}
			last = b.Consumed
			blocks++
			b.Release()
			return true
		})
		if err != nil || last != f.Size() || f.Size() != int64(len(content)) || blocks < 20 {
			t.Errorf("%s: %d bytes of %d in %d blocks, %v", name, last, f.Size(), blocks, err)
		}
	}
}

// A few passes at once do not disturb each other, nor do parsers.
func TestParallel(t *testing.T) {
	f := open(t, "id,name\n"+strings.Repeat("1,\"Ann \"\"A\"\" Smith\"\n", 50_000), Options{BlockSize: 10_000})
	var wg sync.WaitGroup
	for range 3 { // until the file is read
		wg.Go(func() {
			blocks := make(chan *Block)
			var workers sync.WaitGroup
			for range 3 {
				workers.Go(func() { countAnns(t, f, blocks) })
			}
			err := f.Blocks(Position{})(context.Background(), func(b *Block) bool { blocks <- b; return true })
			close(blocks)
			if workers.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func countAnns(t *testing.T, f *File, blocks <-chan *Block) {
	p := NewParser(f.Layout, nil)
	for block := range blocks {
		b := p.Parse(block)
		for row := range b.Len() {
			if b.Text(row, 0) != "1" || b.Text(row, 1) != `Ann "A" Smith` || string(b.Raw(row)) != `1,"Ann ""A"" Smith"` {
				t.Errorf("line %d: %q", b.Line(row), b.Raw(row))
			}
		}
		b.Release()
	}
}

func TestIdentity(t *testing.T) {
	content := strings.Repeat("1,2\n", 50_000)
	identity := func(change func(path string)) Identity {
		path := write(t, content)
		if err := os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(path)
		}
		f, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		id, err := f.Identity()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	patch := func(at int64) func(string) {
		return func(path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt([]byte("3"), at); err != nil || os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)) != nil {
				t.Fatal(err)
			}
		}
	}
	same := identity(nil)
	if again := identity(nil); again != same || same.Size != int64(len(content)) || same.Modified != 1e9 {
		t.Errorf("%v, %v", same, again)
	}
	for name, change := range map[string]func(string){
		"beginning": patch(0),
		"end":       patch(int64(len(content)) - 2),
		"time":      func(path string) { _ = os.Chtimes(path, time.Unix(2, 0), time.Unix(2, 0)) },
		"size":      func(path string) { _ = os.Truncate(path, 100_000) },
	} {
		if identity(change) == same {
			t.Errorf("%s changed, and the identity did not", name)
		}
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	if _, err := Open(t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), "is no file that can be read twice") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open("testdata/none.csv", Options{}); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Open("testdata/users.csv", Options{Format: "xml"}); err == nil || !strings.Contains(err.Error(), `format "xml"`) {
		t.Errorf("a wrong setting: %v", err)
	}
	blocks := func(f *File, from Position) error {
		return f.Blocks(from)(t.Context(), func(b *Block) bool { b.Release(); return true })
	}
	lines := strings.Repeat("1,2\n", 1_000_000)
	packed := gzipped(t, noise(1<<20)+lines)
	f := open(t, gzipped(t, lines)+packed[:len(packed)/2], Options{})
	if err := blocks(f, Position{}); err == nil || !strings.Contains(err.Error(), "gzip file ends too early") {
		t.Errorf("half of a gzip: %v", err)
	}
	for name, content := range map[string]string{"plain": "1,2\n3,4\n", "gzip": gzipped(t, "1,2\n3,4\n")} {
		f := open(t, content, Options{})
		for _, line := range []int64{0, 3} {
			if err := blocks(f, Position{Offset: 1000, Line: line}); err == nil || !strings.Contains(err.Error(), "the text ends at byte 8, before byte 1000") {
				t.Errorf("beyond the end of %s: %v", name, err)
			}
		}
	}
	f = open(t, lines, Options{})
	if err := os.Truncate(f.name, 1_000_000); err != nil {
		t.Fatal(err)
	}
	if err := blocks(f, Position{}); err == nil || !strings.Contains(err.Error(), "has become shorter") {
		t.Errorf("cut off: %v", err)
	}
	f.Close()
	if err := blocks(f, Position{}); err == nil {
		t.Error("a closed file can be read")
	}
}

// What is added to a file while it is read is not read.
func TestGrowingFile(t *testing.T) {
	f := open(t, "1,2\n3,4\n", Options{Header: HeaderNo})
	more, err := os.OpenFile(f.name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer more.Close()
	if _, err := more.WriteString("5,6\n"); err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", rows(readAll(t, f, nil, Position{})), []string{"1|2", "3|4"})
}

// A row costs no allocation: there are only those of some blocks, however many
// rows they have. (The race detector has pools forget a part.)
func TestRowsAllocateNothing(t *testing.T) {
	const rows = 500_000
	f := open(t, "id,name,note\n"+strings.Repeat("12345,\"Ann \"\"A\"\" Smith\",note\n", rows), Options{BlockSize: 64 << 10})
	p := NewParser(f.Layout, typed(f.Layout, Integer))
	n := 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := f.Blocks(Position{})(t.Context(), func(block *Block) bool {
		b := p.Parse(block)
		n += b.Len()
		b.Release()
		return true
	})
	runtime.ReadMemStats(&after)
	if allocations := after.Mallocs - before.Mallocs; err != nil || n != rows || allocations > rows/20 {
		t.Errorf("%d allocations for %d rows, %v", allocations, n, err)
	}
}

func ExampleFile() {
	f, err := Open("testdata/users.csv", Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	fmt.Printf("%s, %s, %q between fields\n", f.Format, f.Encoding, f.Delimiter)
	var s Survey
	s.Add(f.Preview)
	columns, err := s.Columns(nil)
	for _, c := range columns {
		fmt.Printf("%s %s %q\n", c.Name, c.Type, c.Why)
	}
	fmt.Println(err)
	// Output:
	// csv, utf-8, ',' between fields
	// id INTEGER ""
	// name TEXT "line 2: \"Ann Smith\" is no number"
	// <nil>
}
