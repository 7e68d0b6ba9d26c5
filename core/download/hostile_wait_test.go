package download_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"manyhands/core"
	"manyhands/core/download/internal/hostile"
)

func date(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// Whatever a server says about when to come again, the run ends: after the wait
// it asks for, at once where it asks for too much, and soon where what it says
// cannot be understood.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, test := range []struct {
		name, after string
		whole       bool
		least       time.Duration
	}{
		{"seconds", "Retry-After: 1", true, time.Second},
		{"a date", "Retry-After: " + date(now.Add(2*time.Second)) + "\r\nDate: " + date(now), true, 2 * time.Second},
		{"a date by a clock that is years ahead", "Retry-After: " + date(now.Add(20000*time.Hour)) + "\r\nDate: " + date(now.Add(20000*time.Hour-time.Second)), true, time.Second},
		{"a date that is over", "Retry-After: " + date(now.Add(-time.Hour)), true, 0},
		{"a week", "Retry-After: 604800", false, 0},
		{"a week, as a date", "Retry-After: " + date(now.Add(7*24*time.Hour)), false, 0},
		{"a million years", "Retry-After: 31557600000000", false, 0},
		{"more than any number", "Retry-After: 9999999999999999999999999999", false, 0},
		{"negative", "Retry-After: -5", true, 0},
		{"garbage", "Retry-After: soon", true, 0},
		{"empty", "Retry-After: ", true, 0},
		{"none", "X: y", true, 0},
		{"not a number", "Retry-After: NaN", true, 0},
		{"two", "Retry-After: 1\r\nRetry-After: 604800", true, 0},
	} {
		for _, status := range []string{"429 Too Many Requests", "503 Service Unavailable"} {
			t.Run(test.name+" "+status[:3], func(t *testing.T) {
				t.Parallel()
				a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
					if r.N == 1 {
						c.Send(hostile.Text(status, "", test.after))
						return
					}
					c.Send(honest.Answer(r))
				}, retries(2))
				if !test.whole {
					a.expect(t, nil, "asks to wait")
					if n := len(a.server.Requests()); n != 1 {
						t.Errorf("%d requests, want one", n)
					}
					return
				}
				a.expect(t, content)
				all := a.server.Requests()
				if waited := all[1].At.Sub(all[0].At); waited < test.least {
					t.Errorf("asked again after %v, not %v", waited, test.least)
				}
			})
		}
	}
}

// With one worker, and every second address that of a host that is busy for the
// whole time or asks for a week.
func TestABusyHostDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]string{"for five minutes": "300", "for a week": "604800"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			busy := hostile.Serve(t, say(hostile.Text("429 Too Many Requests", "", "Retry-After: "+after)))
			other := hostile.Serve(t, serve(honest))
			c := settings(t)
			const many = 10
			for i := range many {
				c.URLs = append(c.URLs, fmt.Sprintf("%s/%d.bin", busy.URL, i), fmt.Sprintf("%s/%d.bin", other.URL, i))
			}
			c.Workers, c.Retries = 1, 3
			done := make(chan bool, many)
			r, err := c.Start(t.Context(), func(rows []core.Row) {
				for _, row := range rows {
					if row.Status == core.OK && strings.HasPrefix(row.Item, other.URL) {
						done <- true
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			limit := time.After(longest)
			for range many {
				select {
				case <-done:
				case <-limit:
					t.Error("the other host waits, too")
					limit = nil
				}
				if limit == nil {
					break
				}
			}
			r.Cancel()
			_, _ = r.Wait()
			if n := len(busy.Requests()); n > 2 {
				t.Errorf("the busy host got %d requests", n)
			}
		})
	}
}
