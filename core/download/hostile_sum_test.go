package download_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"manyhands/core"
	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func withSum(t *testing.T, sum string) func(*download.Config) {
	list := write(t, "SHA256SUMS", sum+"  file.bin\n")
	return func(c *download.Config) { c.SHA256, c.Retries = list, 3 }
}

func TestARightChecksum(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]hostile.Script{
		"at once": serve(honest), "resumed": cutThen(honest, serve(honest)), "without a length": say(unmeasured(string(content))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, answer, withSum(t, sumOf(content)))
			a.expect(t, content)
			if a.SHA256 != sumOf(content) {
				t.Errorf("the row says %q", a.SHA256)
			}
		})
	}
}

func TestAWrongChecksum(t *testing.T) {
	t.Parallel()
	wanted := sumOf([]byte("something else"))
	a := attack(t, serve(honest), withSum(t, wanted))
	a.expect(t, nil, wanted[:8], sumOf(content)[:8])
	if n := len(a.server.Requests()); n > 2 {
		t.Errorf("%d requests for what cannot be right", n)
	}
	if _, unfinished := files(t, a.folder); len(unfinished) > 0 {
		t.Errorf("%d files are left, of which nothing can become", len(unfinished))
	}
}

// A server that lies in all it says of a file can only be found out by its
// checksum. What was spliced is loaded once more, whole, and only once.
func TestASplicedFileIsFoundOutByItsChecksum(t *testing.T) {
	t.Parallel()
	liar := hostile.File{Content: changed, ETag: `"1"`}
	a := attack(t, cutThen(honest, serve(liar)), withSum(t, sumOf(changed)))
	a.expect(t, changed)
	if n := len(a.server.Requests()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
	again := attack(t, cutThen(honest, serve(liar)), withSum(t, sumOf([]byte("something else"))))
	again.expect(t, nil)
	if n := len(again.server.Requests()); n > 4 {
		t.Errorf("%d requests for what cannot be right", n)
	}
}

// Parts damaged on disk between two runs.
func TestADamagedPartIsFoundOutByItsChecksum(t *testing.T) {
	t.Parallel()
	server := hostile.Serve(t, cutThen(honest, serve(honest)))
	c := settings(t, server.URL+"/file.bin")
	withSum(t, sumOf(content))(c)
	c.Retries = 0
	run(t, c).expect(t, 0, 1, 0)
	damage(t, c.To)
	o := run(t, c)
	o.whole(t, content)
	o.expect(t, 1, 0, 0)
}

func TestSumsOfOneListEach(t *testing.T) {
	t.Parallel()
	server := hostile.Serve(t, serve(honest))
	list := write(t, "list.txt", fmt.Sprintf("%s %s/right.bin\n%s %s/wrong.bin\n%s/none.bin\n",
		sumOf(content), server.URL, sumOf(changed), server.URL, server.URL))
	c := settings(t)
	c.List = list
	o := run(t, c)
	o.whole(t, content)
	o.expect(t, 2, 1, 0)
	for _, row := range o.rows {
		if (row.Status == core.Failed) != (row.Item == server.URL+"/wrong.bin") {
			t.Errorf("%s: %v", row.Item, row.Status)
		}
	}
}
