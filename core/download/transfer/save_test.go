package transfer

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"manyhands/core/safefile"
	"manyhands/core/web"
)

func TestNames(t *testing.T) {
	one := content(1000, 1)
	disposition := func(text string) http.HandlerFunc {
		return file(one, `"1"`, "Content-Disposition: "+text, "Content-Type: image/jpeg")
	}
	for _, test := range []struct {
		name, wanted, path string
		answer             http.HandlerFunc
		want               string
	}{
		{"of the address", "", "/dir/a.bin?b", file(one, ""), "a.bin"},
		{"of the header", "", "/x", disposition(`attachment; filename="b.bin"`), "b.bin"},
		{"of the list", "c.bin", "/x", disposition(`attachment; filename="b.bin"`), "c.bin"},
		{"with the usual extension", "", "/x", disposition("inline"), "x.jpg"},
		{"that leads out", "", "/x", disposition(`attachment; filename="../../../b.bin"`), "b.bin"},
		{"that leads out, of the list", "../../c", "/x", file(one, ""), "c"},
		{"of a part", "", "/a.part", file(one, ""), "a.part_"},
		{"of a journal", "A.PART.JSON", "/a", file(one, ""), "A.PART.JSON_"},
		{"a temporary one", ".manyhands-x.part", "/a", file(one, ""), "manyhands-x.part_"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := in(t, Options{})
			if f := p.load(Request{Address: play(t, test.answer).URL + test.path, Name: test.wanted}, one); f.Name != test.want {
				t.Errorf("%s, want %s", f.Name, test.want)
			}
			p.only(test.want)
			p.Claim = func(name string) string { return "claimed-" + name }
			if f := p.load(Request{Address: play(t, test.answer).URL + test.path, Name: test.wanted}, one); f.Name != "claimed-"+test.want {
				t.Errorf("claimed: %s", f.Name)
			}
		})
	}
}

func TestExisting(t *testing.T) {
	for _, size := range []int{1000, size1} { // small, and with a part
		one := content(size, 1)
		for _, test := range []struct {
			existing  safefile.Existing
			wanted    string
			there     map[string]string
			name      string // "": skipped
			noRequest bool
		}{
			{safefile.Rename, "", map[string]string{"a.bin": "old"}, "a-2.bin", false},
			{safefile.Replace, "", map[string]string{"a.bin": "old"}, "a.bin", false},
			{safefile.Skip, "", nil, "a.bin", false},
			{safefile.Skip, "a.bin", map[string]string{"a.bin": "old"}, "", true},
			{safefile.Skip, "", map[string]string{"a.bin": "another size"}, "a-2.bin", false},
			{safefile.Skip, "", map[string]string{"a.bin": string(one)}, "", false},
			{safefile.Skip, "", map[string]string{"a.bin": "another", "a-2.bin": string(one)}, "", false},
		} {
			t.Run(fmt.Sprint(size, test), func(t *testing.T) {
				server := play(t, file(one, `"1"`))
				p := in(t, Options{Existing: test.existing})
				for name, text := range test.there {
					if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				f, err := p.do(Request{Address: server.URL + "/a.bin", Name: test.wanted})
				if test.name == "" {
					if !errors.Is(err, safefile.ErrExists) || Temporary(err) || f.Name == "" {
						t.Errorf("%+v, %v", f, err)
					}
				} else if err != nil || f.Name != test.name {
					t.Errorf("%+v, %v", f, err)
				} else {
					p.holds(test.name, one)
				}
				if test.noRequest != (len(server.asked) == 0) {
					t.Errorf("%d requests", len(server.asked))
				}
				for name, text := range test.there {
					if name != test.name {
						p.holds(name, []byte(text))
					}
				}
			})
		}
	}
}

// A file that appears while another is loaded under its name.
func TestAFileThatAppearsMeanwhile(t *testing.T) {
	for _, size := range []int{1000, size1} {
		one := content(size, 1)
		for existing, want := range map[safefile.Existing]string{safefile.Rename: "a-2", safefile.Skip: ""} {
			p := in(t, Options{Existing: existing})
			server := play(t, func(w http.ResponseWriter, r *http.Request) {
				cut := &pausedWriter{w, func() { _ = os.WriteFile(filepath.Join(p.dir, "a"), []byte("theirs"), 0o600) }}
				file(one, `"1"`)(cut, r)
			})
			f, err := p.do(Request{Address: server.URL + "/x", Name: "a"})
			if want == "" && !errors.Is(err, safefile.ErrExists) || want != "" && (err != nil || f.Name != want) {
				t.Errorf("%s: %+v, %v", existing, f, err)
			}
			p.holds("a", []byte("theirs"))
			if want == "" {
				p.only("a")
			}
		}
	}
}

// pausedWriter does something between the header and the body, when the client
// has had time to see the header.
type pausedWriter struct {
	http.ResponseWriter
	then func()
}

func (w *pausedWriter) Write(p []byte) (int, error) {
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	time.Sleep(200 * time.Millisecond)
	w.then()
	return w.ResponseWriter.Write(p)
}

func TestSums(t *testing.T) {
	for _, size := range []int{1000, size1} {
		one, two := content(size, 1), content(size, 2)
		server := play(t, file(one, `"1"`))
		p := in(t, Options{})
		if f := p.load(Request{Address: server.URL + "/a", Sum: strings.ToUpper(sumOf(one))}, one); f.Sum != sumOf(one) {
			t.Errorf("%+v", f)
		}
		f, err := p.do(Request{Address: server.URL + "/b", Sum: sumOf(two)})
		wrong, ok := errors.AsType[*SumError](err)
		if !ok || wrong.Got != sumOf(one) || wrong.Want != sumOf(two) || Temporary(err) || f.Name != "" {
			t.Errorf("%+v, %v", f, err)
		}
		p.only("a")
	}
}

// A part whose content is wrong is found out, and the file is loaded anew.
func TestAWrongPartIsLoadedAnewOnce(t *testing.T) {
	one, two := content(size1, 1), content(size1, 2)
	server := play(t, cut(400_000, file(two, `"1"`)), file(one, `"1"`))
	p := in(t, Options{})
	r := Request{Address: server.URL + "/a", Sum: sumOf(one)}
	if _, err := p.do(r); !Temporary(err) {
		t.Fatal(err)
	}
	if f := p.load(r, one); !f.StartedOver || f.Sum != sumOf(one) || f.Resumed != 0 {
		t.Errorf("%+v", f)
	}
	r = Request{Address: server.URL + "/b", Sum: sumOf(two)}
	server.ranges()
	if _, err := p.do(r); err == nil || Temporary(err) {
		t.Error(err)
	}
	if n := len(server.asked); n > 2 {
		t.Errorf("%d requests", n)
	}
	p.only("a")
}

func TestStatuses(t *testing.T) {
	for code, temporary := range map[int]bool{
		204: false, 206: false, 201: false, 304: false, 400: false, 401: false, 403: false, 404: false, 410: false, 416: false, 451: false,
		408: true, 425: true, 429: true, 500: true, 502: true, 503: true, 504: true, 521: true, 501: false, 505: false,
	} {
		p := in(t, Options{})
		_, err := p.do(Request{Address: play(t, says(code, "")).URL})
		status, ok := errors.AsType[*StatusError](err)
		if !ok || status.Code != code || Temporary(err) != temporary || len(err.Error()) < 20 {
			t.Errorf("%d: %v", code, err)
		}
		p.only()
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	p := in(t, Options{})
	for _, address := range []string{"", "ftp://x.test/", "http://", "x", "http://a b/"} {
		if _, err := p.do(Request{Address: address}); err == nil || Temporary(err) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestAnotherAddress(t *testing.T) {
	one := content(size1, 1)
	old, fresh := play(t, cut(400_000, file(one, `"1"`)), says(403, "")), play(t, file(one, `"1"`))
	p := in(t, Options{})
	r := Request{Address: old.URL + "/a"}
	for range 2 {
		if _, err := p.do(r); err == nil {
			t.Fatal("loaded")
		}
	}
	r.From = fresh.URL + "/b?token=x"
	if f := p.load(r, one); f.Resumed != 400_000 || f.Name != "a" || f.Final != r.From {
		t.Errorf("%+v", f)
	}
}

func TestForget(t *testing.T) {
	server := play(t, cut(400_000, file(content(size1, 1), `"1"`)))
	p := in(t, Options{})
	address := server.URL + "/a"
	_, _ = p.do(Request{Address: address})
	p.only("a.part", "a.part.json")
	if text, _ := os.ReadFile(filepath.Join(p.dir, "a.part.json")); strings.Contains(string(text), "secret") {
		t.Error("it shows the password")
	}
	for range 2 {
		Forget(p.Folder, address)
	}
	p.only()
}

func TestPasswordsAreNotWrittenDown(t *testing.T) {
	server := play(t, cut(400_000, file(content(size1, 1), `"1"`)))
	p := in(t, Options{})
	_, _ = p.do(Request{Address: strings.Replace(server.URL, "//", "//me:secret@", 1) + "/a"})
	text, err := os.ReadFile(filepath.Join(p.dir, "a.part.json"))
	if err != nil || strings.Contains(string(text), "secret") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestTooLarge(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"said": file(content(size1, 1), `"1"`),
		"endless": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := in(t, Options{MaxSize: size1 - 1})
			_, err := p.do(Request{Address: play(t, answer).URL})
			if _, ok := errors.AsType[*web.TooLargeError](err); !ok || Temporary(err) {
				t.Error(err)
			}
			p.only()
		})
	}
	one := content(size1, 1)
	in(t, Options{MaxSize: size1}).load(Request{Address: play(t, file(one, `"1"`)).URL}, one)
}

func TestSpace(t *testing.T) {
	p := in(t, Options{})
	if _, known := p.Folder.Free(); !known {
		t.Skip("the system does not tell")
	}
	server := play(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(int64(math.MaxInt64>>1)))
		_, _ = w.Write(make([]byte, 1<<20))
	})
	_, err := p.do(Request{Address: server.URL})
	if _, ok := errors.AsType[*SpaceError](err); !ok || Temporary(err) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the file needs 4.6 EB") {
		t.Error(err)
	}
	p.only()
}

func TestWhatIsUnusualIsSaid(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(content(1000, 1))
	_ = z.Close()
	unknown := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := http.NewResponseController(w).Hijack()
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\n\r\nhello"))
		_ = conn.Close()
	}
	for _, test := range []struct {
		answer http.HandlerFunc
		want   []byte
		says   string
	}{
		{file(packed.Bytes(), "", "Content-Encoding: gzip"), packed.Bytes(), "packed by gzip"},
		{unknown, []byte("hello"), "length unknown"},
		{file([]byte("x"), "", "Content-Encoding: identity"), []byte("x"), ""},
	} {
		f := in(t, Options{}).load(Request{Address: play(t, test.answer).URL}, test.want)
		if !strings.Contains(f.Note, test.says) || (f.Note == "") != (test.says == "") || f.LengthUnknown != (test.says == "length unknown") {
			t.Errorf("%+v", f)
		}
	}
}

func TestDates(t *testing.T) {
	for _, size := range []int{10, size1} {
		when := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		future := time.Now().Add(48 * time.Hour)
		for _, test := range []struct {
			keep bool
			says time.Time
			kept bool
		}{{true, when, true}, {false, when, false}, {true, future, false}} {
			p := in(t, Options{KeepDates: test.keep})
			one := content(size, 1)
			f := p.load(Request{Address: play(t, file(one, "", "Last-Modified: "+test.says.UTC().Format(http.TimeFormat))).URL + "/a"}, one)
			info, err := os.Stat(filepath.Join(p.dir, "a"))
			if err != nil || info.ModTime().Equal(when) != test.kept || time.Until(info.ModTime()) > time.Hour {
				t.Errorf("%+v: %v, %v", test, info.ModTime(), err)
			}
			if f.Modified.IsZero() {
				t.Error("not told")
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	server := play(t, file([]byte("x"), ""))
	p := in(t, Options{Header: http.Header{"X-Test": {"1"}, "Range": {"bytes=5-"}, "Accept-Encoding": {"gzip"}}})
	p.load(Request{Address: server.URL}, []byte("x"))
	if h := (<-server.asked).Header; h.Get("X-Test") != "1" || h.Get("Range") != "" || h.Get("Accept-Encoding") != "identity" {
		t.Error(h)
	}
}
