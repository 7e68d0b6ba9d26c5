package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/catalog"
	"manyhands/core/fetch"
)

func TestFiftyAddressesUnderALimit(t *testing.T) {
	server := practise(t)
	c := settings(t, server.URL()+"/record/{1..40}", server.URL()+"/status/404?n={1..10}")
	c.Rate, c.Per, c.Strict = 5, 60*time.Millisecond, true
	o := run(t, c)
	o.expect(t, 40, 10, 0)
	if got := worst(append(server.Arrivals("/record"), server.Arrivals("/status")...), c.Per); got > 5 {
		t.Errorf("%d requests in a window, 5 are allowed", got)
	}
	if all := server.Requests(); len(server.Arrivals("/")) != 50 {
		t.Errorf("the server got %v", all)
	}
	charts := o.run.(catalog.Charter).Charts()
	sum := 0.0
	for _, p := range charts[0].Points {
		sum += p.Value
		if p.Value > charts[0].Limit {
			t.Errorf("the chart shows %v requests per second, above the limit of %v", p.Value, charts[0].Limit)
		}
	}
	if sum == 0 || len(charts[1].Points) == 0 {
		t.Errorf("empty charts: %v", charts)
	}
}

func TestRowsTellWhatCameBack(t *testing.T) {
	server := practise(t)
	for address, want := range map[string]fetch.Response{
		"/bytes/3000":     {Status: 200, Size: 3000, Type: "application/octet-stream"},
		"/gzip":           {Status: 200, Size: 18, Type: "application/json"},
		"/text/shift_jis": {Status: 200, Size: 94, Type: "text/plain"},
		"/redirect/2":     {Status: 200, Type: "application/json", Note: "redirected to " + server.URL() + "/get"},
	} {
		row, got := one(t, settings(t, server.URL()+address))
		if row.Item != server.URL()+address || row.Err != nil {
			t.Errorf("%s: item %s, %v", address, row.Item, row.Err)
		}
		if got.Latency < 1 || got.Tries != 1 || got.Protocol != "HTTP/1.1" {
			t.Errorf("%s: %+v", address, got)
		}
		if want.Size > 0 && want.Size != got.Size && address != "/text/shift_jis" || want.Status != got.Status || want.Type != got.Type || want.Note != got.Note {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	server := practise(t)
	for address, want := range map[string]string{
		server.URL() + "/status/404":           "404 Not Found: check the address",
		server.URL() + "/auth/bearer/abc":      "401 Unauthorized: give a header Authorization",
		server.URL() + "/status/429":           "429 Too Many Requests: allow fewer requests",
		server.URL() + "/status/599":           "599",
		server.URL() + "/status/300":           "",
		server.URL() + "/redirect-loop":        "redirects go in a circle",
		server.URL() + "/bomb?size=100MB":      "larger than 64 MiB",
		"http://127.0.0.1:1/":                  "connection refused",
		server.URL() + "/cut/100kB":            "closed the connection before",
		server.URL() + "/retry-after/3600?k=a": "asks to wait 1h0m0s",
	} {
		list := write(t, "list.txt", address)
		c := settings(t)
		c.List, c.Timeout = list, 5*time.Minute // the race detector unpacks a bomb slowly
		row, _ := one(t, c)
		if want == "" {
			continue
		}
		if row.Status != core.Failed || row.Err == nil {
			t.Errorf("%s: %v, %v", address, row.Status, row.Err)
			continue
		}
		expectText(t, address, row.Err.Error(), want)
	}
}

func TestAnswersOfUnknownLengthAreNoted(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npart")
			_ = conn.Close()
		}
	})
	_, r := one(t, settings(t, address))
	expectText(t, "note", r.Note, "length unknown")
}

func TestRequestsAreSentAgainOnlyWhereThatDoesNoHarm(t *testing.T) {
	for _, test := range []struct {
		method, header string
		statuses       []int
		tries          int
	}{
		{"GET", "", []int{503, 500, 200}, 3},
		{"PUT", "", []int{502, 200}, 2},
		{"GET", "", []int{404}, 1},
		{"POST", "", []int{500}, 1},
		{"POST", "Idempotency-Key: 1", []int{500, 200}, 2},
		{"POST", "", []int{429, 200}, 2},
		{"GET", "", []int{500, 500, 500}, 3},
	} {
		var n atomic.Int64
		address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if status := test.statuses[n.Add(1)-1]; status != 200 {
				if status == 503 || status == 429 {
					w.Header().Set("Retry-After", "0.01")
				}
				w.WriteHeader(status)
			}
		})
		c := settings(t, address)
		c.Method, c.Retries, c.Header = test.method, 2, []string{test.header}
		row, r := one(t, c)
		last := test.statuses[len(test.statuses)-1]
		if int(n.Load()) != test.tries || (row.Status == core.OK) != (last == 200) || last == 200 && r.Tries != test.tries {
			t.Errorf("%s %v: %d requests, %v, %+v, %v", test.method, test.statuses, n.Load(), row.Status, r, row.Err)
		}
		if last != 200 && test.tries > 1 {
			expectText(t, "error", row.Err.Error(), "500 Internal", "after 3 tries")
		}
	}
}

// The busy host never stops pausing. With one worker, all rows of the other
// host are done meanwhile, although every second row is for the busy one.
func TestAPauseHoldsBackOneHostOnly(t *testing.T) {
	var others atomic.Int64
	done := make(chan struct{})
	other := serve(t, func(http.ResponseWriter, *http.Request) {
		if others.Add(1) == 20 {
			close(done)
		}
	})
	var busied atomic.Int64
	busy := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		busied.Add(1)
		w.Header().Set("Retry-After", "300")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	for _, workers := range []core.Workers{1, 4} {
		others.Store(0)
		busied.Store(0)
		done = make(chan struct{})
		c := settings(t)
		for i := range 20 {
			c.URLs = append(c.URLs, fmt.Sprintf("%s/%d", busy, i), fmt.Sprintf("%s/%d", other, i))
		}
		c.Workers, c.Retries, c.Rate, c.Per = workers, 3, 2, 5*time.Millisecond
		r, err := c.Start(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		<-done
		r.Cancel()
		report, err := r.Wait()
		if !errors.Is(err, core.ErrCancelled) || report.Cancelled == 0 || busied.Load() > int64(workers) {
			t.Errorf("%d workers: %+v, %v; the busy host got %d requests", workers, report, err, busied.Load())
		}
	}
}

// Although another host asks for a short pause meanwhile.
func TestRowsOfAHostThatAsksForTooLongFailAtOnce(t *testing.T) {
	long := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	short := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "0.01")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	c := settings(t, long, short, long+"/2", long+"/3")
	c.Workers, c.Retries = 1, 1
	o := run(t, c)
	o.expect(t, 0, 4, 0)
	expectText(t, "error", o.rows[3].Err.Error(), "asks to wait")
}

// With 10,000 queued. The next run owes nothing to the one before: it sends as
// many at once as a window allows.
func TestCancelEndsALongQueueAtOnce(t *testing.T) {
	arrived, gone := make(chan struct{}, 100), make(chan struct{})
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-gone:
		}
	})
	defer close(gone)
	c := settings(t, address+"/{1..10000}")
	c.Rate, c.Per, c.Timeout, c.Workers = 5, time.Minute, 0, 20
	for n := range 3 {
		begun := time.Now()
		r, err := c.Start(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			<-arrived
		}
		full, cancelled := time.Since(begun), time.Now()
		r.Cancel()
		report, err := r.Wait()
		took := time.Since(cancelled)
		if _, stuck := errors.AsType[*core.StuckError](err); stuck {
			t.Errorf("some work went on: %v", err)
		}
		if !errors.Is(err, core.ErrCancelled) || report.Cancelled+report.Unread != 10_000 {
			t.Errorf("%+v, %v", report, err)
		}
		t.Logf("run %d: 5 requests arrived after %v, Cancel took %v", n+1, full, took)
		if full > 20*time.Second || took > 2*time.Second { // a minute apart if it did owe
			t.Errorf("run %d: 5 requests arrived after %v, Cancel took %v", n+1, full, took)
		}
		if len(arrived) > 0 {
			t.Errorf("run %d: more requests than a window allows", n+1)
		}
	}
}

func TestOnlySomeAreSentAgain(t *testing.T) {
	var mu sync.Mutex
	got := map[string]int{}
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got[r.URL.Path]++
	})
	c := settings(t, address+"/{1..100000}")
	c.Save = t.TempDir()
	c.Only([]string{address + "/3", address + "/7", address + "/7", address + "/none"})
	o := run(t, c)
	o.expect(t, 2, 2, 0)
	if len(got) != 2 || got["/3"] != 1 || got["/7"] != 1 {
		t.Errorf("sent: %v", got)
	}
	expectText(t, "error", o.rows[3].Err.Error(), "not among the addresses any more")
}

func TestRequestsThatDoHarmHaveNamesOfTheirOwn(t *testing.T) {
	address := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := settings(t, address, address)
	c.Method = "POST"
	o := run(t, c)
	if got := strings.Join(o.items(), "|"); got != fmt.Sprintf("POST %s (line 1)|POST %s (line 2)", address, address) {
		t.Error(got)
	}
	c.Only(o.items()[1:])
	run(t, c).expect(t, 1, 0, 0)
}

func TestPasswordsAreNotShown(t *testing.T) {
	var sent http.Header
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) { sent = r.Header })
	c := settings(t, strings.Replace(address, "http://", "http://ada:geheim@", 1))
	c.Header = []string{"X-Api-Key: sesam", "Cookie: a=sesam"}
	row, _ := one(t, c)
	if sent.Get("X-Api-Key") != "sesam" || !strings.HasPrefix(sent.Get("Authorization"), "Basic ") {
		t.Errorf("sent: %v", sent)
	}
	shown := row.Item
	for _, s := range c.Details(row) {
		shown += s.Text
	}
	for _, secret := range []string{"geheim", "sesam"} {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is shown: %s", secret, shown)
		}
	}
}

// 100,000 requests in one process; the memory at the end is what a row and its
// details cost.
func BenchmarkRequests(b *testing.B) {
	address := serve(b, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id": 1}`) })
	for b.Loop() {
		c := settings(b, address+"/{1..100000}")
		c.Workers, c.Extract = 16, []string{"id"}
		r, err := c.Start(context.Background(), nil)
		if err != nil {
			b.Fatal(err)
		}
		if report, err := r.Wait(); err != nil || report.OK != 100_000 {
			b.Fatal(report, err)
		}
	}
	b.ReportMetric(100_000*float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
