package download_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"manyhands/core"
	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

// Of the files that the tests load: larger than what is read into memory as a
// whole, and where they are cut.
const (
	fileSize = 600_000
	cutAt    = 400_000
)

var (
	content = hostile.Content(1, fileSize)
	changed = hostile.Content(2, fileSize)
	honest  = hostile.File{Content: content, ETag: `"1"`}
)

// whole checks what holds whatever a server does: a download that succeeded has
// its file, and every file under its last name is one of the contents that
// there are.
func (o outcome) whole(t testing.TB, contents ...[]byte) {
	t.Helper()
	finished, _ := files(t, o.To)
	isOne := func(text string) bool {
		return slices.ContainsFunc(contents, func(c []byte) bool { return string(c) == text })
	}
	for name, text := range finished {
		if !isOne(text) {
			t.Errorf("%s holds %d bytes that no server has as a whole", name, len(text))
		}
	}
	succeeded := 0
	for _, row := range o.rows {
		switch row.Status {
		case core.OK:
			succeeded++
			d := row.Out.(download.Download)
			if text, there := finished[d.File]; !there || int64(len(text)) != d.Size {
				t.Errorf("%s succeeded as %+v; there are %v", row.Item, d, slices.Sorted(maps.Keys(finished)))
			}
		case core.Failed:
			expectWords(t, row)
		}
	}
	if len(finished) > succeeded {
		t.Errorf("%d files, but %d downloads that succeeded", len(finished), succeeded)
	}
}

// expectWords checks that a failure can be read by a person: the program's
// inner names for things are not.
func expectWords(t testing.TB, row core.Row) {
	t.Helper()
	if row.Err == nil {
		t.Errorf("%s failed without a word", row.Item)
		return
	}
	for _, inner := range []string{
		"net/http", "http: ", "EOF", "dial tcp", "read tcp", "write tcp", "x509", "tls: ", "malformed", "syscall",
		"context ", "%!", "0x", "goroutine", "panic", "MIME", "strconv", "<nil>", "manyhands-",
	} {
		if strings.Contains(row.Err.Error(), inner) {
			t.Errorf("%s: %q shows %q", row.Item, row.Err, inner)
		}
	}
}

// attempt is what came of one download from a hostile server.
type attempt struct {
	row core.Row
	download.Download
	server *hostile.Server
	folder string
}

// attack loads a file from a server that answers by a script, and checks what
// always holds.
func attack(t *testing.T, answer hostile.Script, change func(*download.Config)) attempt {
	t.Helper()
	server := hostile.Serve(t, answer)
	c := settings(t, server.URL+"/file.bin")
	if change != nil {
		change(c)
	}
	o := run(t, c)
	o.whole(t, content, changed)
	if len(o.rows) != 1 {
		t.Fatalf("%d rows, want one; %v", len(o.rows), o.err)
	}
	d, _ := o.rows[0].Out.(download.Download)
	return attempt{o.rows[0], d, server, c.To}
}

// expect checks the end of an attempt: success with a content, or failure with
// words.
func (a attempt) expect(t *testing.T, want []byte, words ...string) {
	t.Helper()
	if want == nil {
		if a.row.Status != core.Failed {
			t.Errorf("%v, want a failure: %+v", a.row.Status, a.Download)
		} else {
			expectText(t, "the error", strings.ToLower(a.row.Err.Error()), words...)
		}
		return
	}
	if a.row.Status != core.OK {
		t.Errorf("%v: %v", a.row.Status, a.row.Err)
		return
	}
	finished, unfinished := files(t, a.folder)
	if finished[a.File] != string(want) {
		t.Errorf("%s is not what the server has", a.File)
	}
	if len(unfinished) > 0 {
		t.Errorf("left over: %v", slices.Sorted(maps.Keys(unfinished)))
	}
	expectText(t, "the note", a.Note, words...)
}
