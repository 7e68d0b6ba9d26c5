package download_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"manyhands/core/catalog"
	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

// The process that is killed: this test again, told so by its environment.
const (
	childURLs = "DOWNLOAD_TEST_URLS"
	childTo   = "DOWNLOAD_TEST_TO"
)

// TestChild is no test: it is what a killed process was doing.
func TestChild(t *testing.T) {
	if os.Getenv(childTo) == "" {
		t.Skip("for TestKilledAtAnyMoment")
	}
	c := catalog.Defaults(new(download.Config)) // nothing temporary, which nobody would remove
	c.URLs, c.To, c.Proxy, c.Segments = strings.Fields(os.Getenv(childURLs)), os.Getenv(childTo), "none", segments
	run(t, c).expect(t, len(c.URLs), 0, 0)
}

// killed runs the downloads in a process of their own, and kills it.
func killed(t *testing.T, c *download.Config, after time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), childTo+"="+c.To, childURLs+"="+strings.Join(c.URLs, " "))
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = child.Process.Kill()
	_ = child.Wait()
}

// At least ten times in one download of several files, at moments left to
// chance. What is there under its last name is whole each time, and in the end
// all is, in part from before.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	t.Parallel()
	l := &library{seed: 200, sizes: []int{40_000_000, 30_000_000, 20_000_000, 3_000_000, 600_000, 100_000, 10, 0}, pause: 20 * time.Millisecond, piece: 5000}
	server := hostile.Serve(t, l.answer)
	c := settings(t, l.addresses(server.URL)...)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	for range 12 {
		killed(t, c, time.Duration(chance.IntN(3000))*time.Millisecond)
		l.check(t, c.To, false)
	}
	c.Segments = segments
	l.hurry.Store(true)
	o := run(t, c)
	resumed := int64(0)
	for _, row := range o.rows {
		d, _ := row.Out.(download.Download)
		resumed += d.Resumed
	}
	if o.report.Failed > 0 || o.report.OK+o.report.Skipped != len(l.sizes) || resumed == 0 {
		t.Errorf("%+v, %v; resumed at %d in all", o.report, o.err, resumed)
	}
	l.check(t, c.To, true)
	ranged := 0
	for _, r := range server.Requests() {
		if r.Ranged() {
			ranged++
		}
	}
	fmt.Fprintf(t.Output(), "%d requests, %d for ranges; resumed at %d in all\n", len(server.Requests()), ranged, resumed)
}
