package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"manyhands/core/practice"
	"manyhands/core/safefile"
	"manyhands/core/web"
)

func TestMain(m *testing.M) {
	if address := os.Getenv("TRANSFER_CHILD"); address != "" {
		child(address, os.Getenv("TRANSFER_FOLDER"))
	}
	if os.Getenv("TRANSFER_SERVER") != "" {
		rawServer()
	}
	goleak.VerifyTestMain(m)
}

// place is a folder, and what the transfers of a run share.
type place struct {
	testing.TB
	Options
	dir string
}

// in makes the options complete, with a folder of their own.
func in(t testing.TB, o Options) *place {
	t.Helper()
	return reenter(t, o, t.TempDir())
}

// reenter is as if another run began in the same folder.
func reenter(t testing.TB, o Options, dir string) *place {
	t.Helper()
	var err error
	if o.Client, err = web.New(web.Options{HTTP1: true, Proxy: "none", HeaderTimeout: time.Minute, Connections: 16}); err != nil {
		t.Fatal(err)
	}
	if o.Folder, err = safefile.Open(dir); err != nil {
		t.Fatal(err)
	}
	if o.Existing == "" {
		o.Existing = safefile.Rename
	}
	if o.Stall == 0 {
		o.Stall = time.Minute
	}
	t.Cleanup(func() {
		o.Client.Close()
		_ = o.Folder.Close()
	})
	return &place{t, o, dir}
}

func (p *place) do(r Request) (File, error) { return p.try(context.Background(), r) }

func (p *place) try(ctx context.Context, r Request) (File, error) {
	if r.Progress == nil {
		r.Progress = new(Progress)
	}
	return p.Do(ctx, r)
}

// load makes a try that has to succeed with some content.
func (p *place) load(r Request, want []byte) File {
	p.Helper()
	f, err := p.do(r)
	if err != nil {
		p.Fatal(err)
	}
	p.holds(f.Name, want)
	if f.Size != int64(len(want)) {
		p.Errorf("size %d, want %d", f.Size, len(want))
	}
	return f
}

func (p *place) holds(name string, want []byte) {
	p.Helper()
	got, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil || !bytes.Equal(got, want) {
		p.Errorf("%s holds %d bytes, want %d: %v", name, len(got), len(want), err)
	}
}

// names are the files in the folder.
func (p *place) names() []string {
	p.Helper()
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		p.Fatal(err)
	}
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func (p *place) only(want ...string) {
	p.Helper()
	if want == nil {
		want = []string{}
	}
	if got := p.names(); !slices.Equal(got, want) {
		p.Errorf("in the folder: %v, want %v", got, want)
	}
}

func serve(t testing.TB) *practice.Server {
	t.Helper()
	s, err := practice.Serve(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// fetch is what an address has, loaded by net/http.
func fetch(t testing.TB, address string) []byte {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// content is n bytes that tell places apart.
func content(n int, seed byte) []byte {
	b := make([]byte, n)
	x := uint32(seed) + 1
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

func sumOf(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b)) }

// script is a server whose requests are answered by functions in turn, the last
// one from then on. It keeps what was asked.
type script struct {
	*httptest.Server
	asked chan *http.Request
}

func play(t testing.TB, answers ...http.HandlerFunc) *script {
	t.Helper()
	s := &script{asked: make(chan *http.Request, 10_000)}
	next := make(chan int, 1)
	next <- 0
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := <-next
		next <- i + 1
		s.asked <- r
		answers[min(i, len(answers)-1)](w, r)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// ranges are the Range headers that were sent so far.
func (s *script) ranges() []string {
	all := []string{}
	for len(s.asked) > 0 {
		all = append(all, (<-s.asked).Header.Get("Range"))
	}
	return all
}

// file serves a file honestly; headers are "Name: value".
func file(content []byte, etag string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		describe(w, etag, headers)
		modified, _ := http.ParseTime(w.Header().Get("Last-Modified"))
		http.ServeContent(w, r, "", modified, bytes.NewReader(content))
	}
}

func describe(w http.ResponseWriter, etag string, headers []string) {
	w.Header().Set("Content-Type", "application/x-test")
	if etag != "" {
		w.Header().Set("ETag", etag)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		w.Header().Set(name, value)
	}
}

// cut lets so many bytes of an answer through, and breaks it off.
func cut(at int, answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer(&cutWriter{w, at}, r)
		panic(http.ErrAbortHandler)
	}
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(p []byte) (int, error) {
	n := min(len(p), w.left)
	_, _ = w.ResponseWriter.Write(p[:n])
	w.left -= n
	if n < len(p) {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, nil
}

// says answers with a status, headers and a body, whatever is asked.
func says(code int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		describe(w, "", headers)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}
