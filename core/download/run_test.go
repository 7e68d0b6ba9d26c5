package download_test

import (
	"context"
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

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/download"
	"manyhands/core/practice"
	"manyhands/core/safefile"
)

func practise(t testing.TB) *practice.Server {
	t.Helper()
	server, err := practice.Serve(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func names(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// The first practical example: files of some time each, one by one and with as
// many workers as files.
func TestSeveralAreLoadedAtOnce(t *testing.T) {
	for _, workers := range []core.Workers{1, 5} {
		server := practise(t)
		c := settings(t, server.URL()+"/delay/0.5?n={1..5} file{1..5}.txt")
		c.Workers = workers
		run(t, c).expect(t, 5, 0, 0)
		if got := names(t, c.To); !slices.Equal(got, []string{"file1.txt", "file2.txt", "file3.txt", "file4.txt", "file5.txt"}) {
			t.Errorf("%q", got)
		}
		if most := server.MostAtOnce(); workers == 1 && most != 1 || workers == 5 && most < 2 {
			t.Errorf("%d workers had %d files in hand", workers, most)
		}
	}
}

func TestFilesAreTheSameAsOnTheServer(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/file/big.bin?size=3MB", server.URL()+"/file/small.bin?size=1000", server.URL()+"/bytes/0 empty")
	sums := ""
	for _, name := range []string{"big.bin?size=3MB", "small.bin?size=1000"} {
		sums += fetch(t, server.URL()+"/sha256/"+name)
	}
	c.SHA256 = write(t, "SHA256SUMS", sums)
	o := run(t, c)
	o.expect(t, 3, 0, 0)
	for _, row := range o.rows {
		if d := row.Out.(download.Download); d.Size > 0 && (d.SHA256 == "" || !strings.Contains(sums, d.SHA256)) {
			t.Errorf("%+v, want a sum of %s", d, sums)
		}
	}
}

// fetch loads a text with the program's own means.
func fetch(t testing.TB, address string) string {
	t.Helper()
	c := settings(t, address+" text")
	run(t, c).expect(t, 1, 0, 0)
	text, err := os.ReadFile(filepath.Join(c.To, "text"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAWrongChecksumIsAFailureWithoutAFile(t *testing.T) {
	server := practise(t)
	c := settings(t, strings.Repeat("0", 64)+"  "+server.URL()+"/bytes/1000")
	row, _ := one(t, c)
	if row.Status != core.Failed || len(names(t, c.To)) != 0 {
		t.Errorf("%v, %v", row, names(t, c.To))
	}
	expectText(t, "the error", fmt.Sprint(row.Err), strings.Repeat("0", 64), "checksum")
}

func TestARunAfterACancelledOneGoesOn(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/drip/4MB?duration=2&n={1..3} drip{1..3}.bin", server.URL()+"/bytes/2000 done.bin")
	c.Workers = 4
	r, err := c.Start(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	q := r.(catalog.Queuer)
	for deadline := time.Now().Add(longest); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		shown, _ := q.Pending(0, 10)
		if len(shown) == 3 && !slices.ContainsFunc(shown, func(p core.Pending) bool { return p.Done < 1e6 }) {
			break
		}
	}
	r.Cancel()
	if report, _ := r.Wait(); report.OK != 1 || report.Cancelled != 3 {
		t.Fatalf("%+v", report)
	}
	o := run(t, c)
	o.expect(t, 3, 0, 1)
	expectText(t, "the notes", strings.Join(o.notes, " · "), "12 MB at ", "/s")
	for i := range 3 {
		info, err := os.Stat(filepath.Join(c.To, fmt.Sprintf("drip%d.bin", i+1)))
		if err != nil || info.Size() != 4e6 {
			t.Errorf("%v, %v", info, err)
		}
	}
	if got := names(t, c.To); len(got) != 4 {
		t.Errorf("%q", got)
	}
}

func TestWhatWasCutIsResumed(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/cut/3MB?at=1MB cut.bin")
	c.Retries = 5
	row, d := one(t, c)
	if row.Status != core.OK || d.Size != 3e6 || row.Tries < 2 {
		t.Fatalf("%+v", row)
	}
	got, err := os.ReadFile(filepath.Join(c.To, "cut.bin"))
	if want := fetch(t, server.URL()+"/bytes/3MB"); err != nil || string(got) != want {
		t.Errorf("%d bytes, not those of the server: %v", len(got), err)
	}
}

func TestFilesThatExist(t *testing.T) {
	server := practise(t)
	for existing, want := range map[safefile.Existing]string{
		safefile.Skip:    "skipped a.bin",
		safefile.Rename:  "ok a-2.bin",
		safefile.Replace: "ok a.bin",
	} {
		c := settings(t, server.URL()+"/bytes/1000 a.bin")
		c.Existing = existing
		if err := os.WriteFile(filepath.Join(c.To, "a.bin"), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		row, d := one(t, c)
		if got := fmt.Sprint(row.Status, " ", d.File); got != want {
			t.Errorf("%s: %s, want %s (%v)", existing, got, want, row.Err)
		}
		mine, _ := os.ReadFile(filepath.Join(c.To, "a.bin"))
		if kept := string(mine) == "mine"; kept == (existing == safefile.Replace) {
			t.Errorf("%s: the file was kept: %v", existing, kept)
		}
	}
}

func TestEqualNamesAreNumberedInTheOrderOfTheList(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/delay/0.2?first a.txt", server.URL()+"/bytes/7 a.txt", server.URL()+"/file/A.txt?size=9")
	o := run(t, c)
	o.expect(t, 3, 0, 0)
	for i, want := range []string{"a.txt", "a-2.txt", "A-3.txt"} {
		found := slices.ContainsFunc(o.rows, func(row core.Row) bool {
			return row.Out.(download.Download).File == want && row.Item == strings.Fields(c.URLs[i])[0]
		})
		if !found {
			t.Errorf("%s is not %s", c.URLs[i], want)
		}
	}
}

func TestBadAddressesAreRows(t *testing.T) {
	server := practise(t)
	c := settings(t, "ftp://example.com/a", server.URL()+"/bytes/10 a", "nonsense")
	o := run(t, c)
	o.expect(t, 1, 2, 0)
	expectText(t, "ftp", o.failure("ftp://example.com/a"), "ftp is not supported: use http or https")
}

func TestOnlySomeKeepTheirNames(t *testing.T) {
	server := practise(t)
	address := server.URL() + "/bytes/5"
	c := settings(t, address+"?1 a", address+"?2 a", address+"?3 a")
	c.Only([]string{address + "?2", address + "?gone"})
	o := run(t, c)
	o.expect(t, 1, 1, 0)
	if got := names(t, c.To); !slices.Equal(got, []string{"a-2"}) {
		t.Errorf("%q", got)
	}
	expectText(t, "the one that is gone", o.failure(address+"?gone"), "not among the addresses any more")
}

func TestFileDatesAreKept(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/bytes/10 a", server.URL()+"/bytes/1MB b")
	c.KeepDates = true
	run(t, c).expect(t, 2, 0, 0)
	for _, name := range []string{"a", "b"} {
		if info, err := os.Stat(filepath.Join(c.To, name)); err != nil || !info.ModTime().Equal(time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)) {
			t.Errorf("%s: %v, %v", name, info.ModTime(), err)
		}
	}
}

func TestLargeFilesAreRefused(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/bytes/2MB", server.URL()+"/nolength/2MB", server.URL()+"/bytes/100 small")
	c.MaxSize = 1e6
	o := run(t, c)
	o.expect(t, 1, 2, 0)
	if got := names(t, c.To); !slices.Equal(got, []string{"small"}) {
		t.Errorf("%q", got)
	}
}

// A run is steered from the window while it goes on.
func TestARunIsSteered(t *testing.T) {
	server := practise(t)
	slow := server.URL() + "/drip/4MB?duration=60&n="
	c := settings(t, slow+"1 a", slow+"2 b", slow+"3 c")
	c.Workers = 1
	var rows []core.Row
	r, err := c.Start(t.Context(), func(more []core.Row) { rows = append(rows, more...) })
	if err != nil {
		t.Fatal(err)
	}
	q := r.(catalog.Queuer)
	first := await(t, q, func(p []core.Pending) bool { return len(p) == 3 && p[0].Done > 0 })
	q.Hold(first[0].ID)
	await(t, q, func(p []core.Pending) bool { return p[0].Active && strings.HasSuffix(p[0].Item, "n=2") })
	q.Drop(first[1].ID)
	q.Drop(first[2].ID)
	if err := q.Readdress(first[0].ID, server.URL()+"/bytes/4MB"); err != nil {
		t.Fatal(err)
	}
	if n, err := q.Add(server.URL() + "/bytes/100 added\n"); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := q.Add("no address"); err == nil {
		t.Error("nonsense was added")
	}
	q.Release(first[0].ID)
	report, err := r.Wait()
	if err != nil || report.OK != 2 || report.Skipped != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	if got := names(t, c.To); !slices.Equal(got, []string{"a", "added"}) {
		t.Errorf("%q", got)
	}
	if _, err := q.Add(server.URL() + "/bytes/100 late"); err == nil {
		t.Error("a run that has ended takes more")
	}
}

func await(t *testing.T, q catalog.Queuer, is func([]core.Pending) bool) []core.Pending {
	t.Helper()
	var shown []core.Pending
	for deadline := time.Now().Add(longest); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if shown, _ = q.Pending(0, 10); len(shown) > 0 && is(shown) {
			return shown
		}
	}
	t.Fatalf("it never came to that: %+v", shown)
	return nil
}

func TestAPausedRunStandsStillAndGoesOn(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/drip/4MB?duration=1 a")
	r, err := c.Start(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	q := r.(catalog.Queuer)
	await(t, q, func(p []core.Pending) bool { return p[0].Done > 0 })
	r.Pause()
	time.Sleep(200 * time.Millisecond)
	before := await(t, q, func([]core.Pending) bool { return true })[0].Done
	time.Sleep(time.Second)
	if after := await(t, q, func([]core.Pending) bool { return true })[0]; after.Done != before || after.State != "all are paused" {
		t.Errorf("%d bytes, then %d: %s", before, after.Done, after.State)
	}
	r.Resume()
	if report, err := r.Wait(); err != nil || report.OK != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestTheSpeedLimitHoldsAndCanBeLifted(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/bytes/20MB a")
	c.LimitRate = 1e6
	began := time.Now()
	r, err := c.Start(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	q, adjust := r.(catalog.Queuer), r.(catalog.Adjuster)
	shown := await(t, q, func(p []core.Pending) bool { return p[0].Done >= 1e6 })
	if most := 1e6*time.Since(began).Seconds() + 1.5e6; float64(shown[0].Done) > most {
		t.Errorf("%d bytes in %v", shown[0].Done, time.Since(began))
	}
	if err := adjust.Adjust("limit-rate", "fast"); err == nil {
		t.Error("nonsense was taken")
	}
	if err := adjust.Adjust("limit-rate", "none"); err != nil {
		t.Fatal(err)
	}
	if report, err := r.Wait(); err != nil || report.OK != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	charts := r.(catalog.Charter).Charts()
	if len(charts) != 2 || charts[0].Limit != 0 || len(charts[0].Points) == 0 {
		t.Errorf("%+v", charts)
	}
}

// An address that expired in the middle is given anew, and the file gone on
// with.
func TestAnExpiredAddressIsReplacedAndTheFileGoneOnWith(t *testing.T) {
	content := strings.Repeat("0123456789", 100_000)
	expired := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		if r.URL.Path == "/new" {
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
			return
		}
		if r.Header.Get("Range") != "" && expired {
			http.Error(w, "expired", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		_, _ = io.WriteString(w, content[:600_000])
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	c := settings(t, server.URL+"/old file.bin")
	c.Retries = 3
	row, _ := one(t, c)
	if row.Status != core.Failed {
		t.Fatalf("%+v", row)
	}
	expectText(t, "the error", fmt.Sprint(row.Err), "403")
	if _, err := c.Readdress(row.Item, server.URL+"/new"); err != nil {
		t.Fatal(err)
	}
	o := run(t, c)
	o.expect(t, 1, 0, 0)
	if d := o.rows[0].Out.(download.Download); d.Resumed < 500_000 || d.File != "file.bin" {
		t.Errorf("%+v", d)
	}
	expectText(t, "the notes", strings.Join(o.notes, " · "), " at ", "kB were there from before")
	if got, _ := os.ReadFile(filepath.Join(c.To, "file.bin")); string(got) != content {
		t.Errorf("%d bytes, not those of the server", len(got))
	}
}
