package transfer

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"manyhands/core/safefile"
)

const size1 = 600_000 // larger than a small file

func TestResuming(t *testing.T) {
	const old = "Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT"
	one, two := content(size1, 1), content(size1, 2)
	from := func(at int) string { return fmt.Sprintf("bytes=%d-", at) }
	whole := cut(400_000, file(one, `"1"`))
	lie := func(code int, headers ...string) http.HandlerFunc {
		return says(code, "some other content", headers...)
	}
	for _, test := range []struct {
		name    string
		answers []http.HandlerFunc
		want    []byte
		ranges  []string // asked for at the second try
		resumed int64
	}{
		{"the same file", []http.HandlerFunc{whole, file(one, `"1"`)}, one, []string{from(400_000)}, 400_000},
		{"by its date", []http.HandlerFunc{cut(400_000, file(one, "", old)), file(one, "", old)}, one, []string{from(400_000)}, 400_000},
		{"a weak ETag", []http.HandlerFunc{cut(400_000, file(one, `W/"1"`)), file(one, `W/"1"`)}, one, []string{""}, 0},
		{"nothing to tell", []http.HandlerFunc{cut(400_000, file(one, "")), file(one, "")}, one, []string{""}, 0},
		{"another file", []http.HandlerFunc{whole, file(two, `"2"`)}, two, []string{from(400_000)}, 0},
		{"a shorter file", []http.HandlerFunc{whole, file(two[:300_000], `"2"`)}, two[:300_000], []string{from(400_000)}, 0},
		{"a small file", []http.HandlerFunc{whole, file(two[:3000], `"2"`)}, two[:3000], []string{from(400_000)}, 0},
		{"an empty file", []http.HandlerFunc{whole, file(nil, `"2"`)}, nil, []string{from(400_000)}, 0},
		{"a part of another file", []http.HandlerFunc{
			whole, lie(206, `ETag: "2"`, "Content-Range: bytes 400000-400017/600000"), file(two, `"2"`),
		}, two, []string{from(400_000), ""}, 0},
		{"another place", []http.HandlerFunc{
			whole, lie(206, `ETag: "1"`, "Content-Range: bytes 400001-400018/600000"), file(one, `"1"`),
		}, one, []string{from(400_000), ""}, 0},
		{"another total", []http.HandlerFunc{
			whole, lie(206, `ETag: "1"`, "Content-Range: bytes 400000-400017/600001"), file(one, `"1"`),
		}, one, []string{from(400_000), ""}, 0},
		{"another length", []http.HandlerFunc{
			whole, lie(206, `ETag: "1"`, "Content-Range: bytes 400000-599999/600000"), file(one, `"1"`),
		}, one, []string{from(400_000), ""}, 0},
		{"several ranges", []http.HandlerFunc{
			whole, lie(206, `ETag: "1"`, "Content-Type: multipart/byteranges; boundary=x"), file(one, `"1"`),
		}, one, []string{from(400_000), ""}, 0},
		{"packed", []http.HandlerFunc{
			whole, lie(206, `ETag: "1"`, "Content-Range: bytes 400000-400017/600000", "Content-Encoding: gzip"), file(one, `"1"`),
		}, one, []string{from(400_000), ""}, 0},
		{"no such range", []http.HandlerFunc{whole, lie(416, "Content-Range: bytes */600000"), file(one, `"1"`)}, one, []string{from(400_000), ""}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := play(t, test.answers...)
			p := in(t, Options{})
			var progress Progress
			if _, err := p.do(Request{Address: server.URL + "/a.bin", Progress: &progress}); !Temporary(err) {
				t.Fatalf("the first try: %v", err)
			}
			server.ranges()
			p = reenter(t, Options{}, p.dir) // another run
			f := p.load(Request{Address: server.URL + "/a.bin", Progress: &progress}, test.want)
			if got := server.ranges(); !slices.Equal(got, test.ranges) {
				t.Errorf("asked for %q, want %q", got, test.ranges)
			}
			if f.Resumed != test.resumed || f.StartedOver != (test.resumed == 0 && test.ranges[0] != "") {
				t.Errorf("%+v", f)
			}
			if progress.Done.Load() != int64(len(test.want)) || progress.Resumed.Load() != test.resumed || progress.Connections.Load() != 0 {
				t.Errorf("%d done, %d resumed, %d connections", progress.Done.Load(), progress.Resumed.Load(), progress.Connections.Load())
			}
			p.only("a.bin")
		})
	}
}

func TestFailuresKeepWhatIsThere(t *testing.T) {
	one := content(size1, 1)
	server := play(t, cut(400_000, file(one, `"1"`)), says(503, ""), says(403, ""), cut(100_000, file(one, `"1"`)), file(one, `"1"`))
	p := in(t, Options{})
	var progress Progress
	for i, temporary := range []bool{true, true, false, true} {
		_, err := p.do(Request{Address: server.URL + "/a", Progress: &progress})
		if err == nil || Temporary(err) != temporary {
			t.Errorf("try %d: %v", i, err)
		}
		p.only("a.part", "a.part.json")
		if want := []int64{400_000, 400_000, 400_000, 500_000}[i]; progress.Done.Load() != want {
			t.Errorf("try %d: %d bytes are there, want %d", i, progress.Done.Load(), want)
		}
	}
	if f := p.load(Request{Address: server.URL + "/a", Progress: &progress}, one); f.Resumed != 500_000 {
		t.Errorf("%+v", f)
	}
}

// Nothing can be gone on with: nothing is kept.
func TestWhatCannotBeGoneOnWithIsNotKept(t *testing.T) {
	one := content(size1, 1)
	for name, answer := range map[string]http.HandlerFunc{
		"no validator": cut(400_000, file(one, "")), "nothing came": cut(0, file(one, `"1"`)), "a small file": cut(1000, file(one[:2000], `"1"`)),
	} {
		t.Run(name, func(t *testing.T) {
			p := in(t, Options{})
			var progress Progress
			if _, err := p.do(Request{Address: play(t, answer).URL, Progress: &progress}); !Temporary(err) {
				t.Error(err)
			}
			p.only()
			if n := progress.Done.Load(); n != 0 {
				t.Errorf("%d bytes are there", n)
			}
		})
	}
}

// All had come, but the file did not get its name.
func TestAllIsThere(t *testing.T) {
	one, two := content(size1, 1), content(size1, 2)
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   []byte
	}{"the same": {file(one, `"1"`), one}, "changed": {file(two, `"2"`), two}} {
		t.Run(name, func(t *testing.T) {
			server := play(t, test.answer)
			p := in(t, Options{})
			part, err := p.Folder.NewPart("a", key(server.URL+"/a"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := part.WriteAt(one, 0); err != nil {
				t.Fatal(err)
			}
			if err := part.SetJournal([]byte(`{"name":"a","validator":{"etag":"\"1\""},"total":600000,"done":[[0,600000]]}`)); err != nil {
				t.Fatal(err)
			}
			_ = part.Close()
			p.load(Request{Address: server.URL + "/a"}, test.want)
			if got := server.ranges(); !slices.Equal(got, []string{"bytes=599999-"}) {
				t.Error(got)
			}
		})
	}
}

func TestAPartThatWasCutShortIsNoUse(t *testing.T) {
	one := content(size1, 1)
	server := play(t, cut(400_000, file(one, `"1"`)), file(one, `"1"`))
	p := in(t, Options{})
	_, _ = p.do(Request{Address: server.URL + "/a"})
	if err := os.Truncate(filepath.Join(p.dir, "a.part"), 399_999); err != nil {
		t.Fatal(err)
	}
	if f := p.load(Request{Address: server.URL + "/a"}, one); f.Resumed != 0 {
		t.Errorf("%+v", f)
	}
}

// The length was not known; asked for more, the server says that it was all.
func TestAllWasThereWithoutSayingSo(t *testing.T) {
	one := content(size1, 1)
	begin := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		_ = http.NewResponseController(w).Flush()
		_, _ = w.Write(one)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // no last chunk
	}
	for name, end := range map[string]http.HandlerFunc{
		"416": says(416, "", "Content-Range: bytes */600000", `ETag: "1"`),
		"416 of who knows what": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") != "" {
				says(416, "", "Content-Range: bytes */600000")(w, r)
			} else {
				file(one, `"1"`)(w, r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := play(t, begin, end)
			p := in(t, Options{})
			if _, err := p.do(Request{Address: server.URL + "/a"}); !Temporary(err) {
				t.Fatal(err)
			}
			f := p.load(Request{Address: server.URL + "/a"}, one)
			if f.StartedOver == (name == "416") {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestPracticeServer(t *testing.T) {
	server := serve(t)
	for path, tries := range map[string]int{
		"/cut/1MB?at=400kB": 3, "/changing/1MB?at=500kB": 3, "/noranges/1MB?at=600kB": 9, "/nolength/1MB": 1, "/bytes/1MB": 1,
		"/redirect-to?url=/bytes/1MB": 1, "/flaky/2?key=x&mode=close": 3,
	} {
		t.Run(path, func(t *testing.T) {
			p := in(t, Options{})
			for i := range tries {
				f, err := p.do(Request{Address: server.URL() + path})
				switch {
				case err == nil:
					got, err := os.ReadFile(filepath.Join(p.dir, f.Name))
					if err != nil || int64(len(got)) != f.Size || f.Size != 1e6 && !strings.HasPrefix(path, "/flaky") {
						t.Errorf("%d bytes, %v", len(got), err)
					}
					return
				case !Temporary(err):
					t.Fatal(err)
				}
				if path == "/noranges/1MB?at=600kB" && i == 3 {
					return // it can never be loaded
				}
			}
			t.Error("not loaded in", tries, "tries")
		})
	}
}

func TestStalls(t *testing.T) {
	server := serve(t)
	p := in(t, Options{Stall: time.Second})
	for range 2 {
		_, err := p.do(Request{Address: server.URL() + "/stall/1MB?at=400kB"})
		if err == nil || !strings.Contains(err.Error(), "nothing came for 1s") || !Temporary(err) {
			t.Fatal(err)
		}
	}
	p.load(Request{Address: server.URL() + "/stall/1MB?at=400kB"}, fetch(t, server.URL()+"/bytes/1MB"))
	_, err := p.do(Request{Address: server.URL() + "/stall/100kB?at=4kB"})
	if err == nil || !strings.Contains(err.Error(), "nothing came for 1s") {
		t.Error("a small file:", err)
	}
}

func TestTheSameAddressAtTheSameTime(t *testing.T) {
	hold := make(chan struct{})
	server := play(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "600000")
		_, _ = w.Write(make([]byte, 300_000))
		_ = http.NewResponseController(w).Flush()
		<-hold
	})
	p := in(t, Options{})
	var progress Progress
	done := make(chan error)
	go func() {
		_, err := p.do(Request{Address: server.URL + "/a", Progress: &progress})
		done <- err
	}()
	for progress.Done.Load() < 300_000 {
		time.Sleep(time.Millisecond)
	}
	for _, other := range []*place{p, reenter(t, Options{}, p.dir)} {
		if _, err := other.do(Request{Address: server.URL + "/a"}); !errors.Is(err, safefile.ErrBusy) || Temporary(err) {
			t.Errorf("got %v, want ErrBusy", err)
		}
	}
	close(hold)
	<-done
}
