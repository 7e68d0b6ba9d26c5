package download

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// queued is a queue of items on hosts named by their first letter.
func queued(perHost int, names ...string) *queue {
	q := newQueue(perHost, func(string) time.Duration { return 0 })
	for _, name := range names {
		q.push(&item{shown: name, host: name[:1]}, false)
	}
	return q
}

// next takes an item, or says why there is none at once.
func next(t *testing.T, q *queue) (*ticket, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tick, name := new(ticket), "nothing"
	go func() {
		if it, _, err := q.take(ctx, tick); err == nil {
			name = it.shown
		}
	}()
	synctest.Wait()
	if tick.it == nil {
		cancel()
		synctest.Wait()
	}
	return tick, name
}

func waiting(q *queue) string {
	var names []string
	for _, it := range q.waiting {
		names = append(names, it.shown)
	}
	return strings.Join(names, " ")
}

func TestItemsComeInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queued(0, "a1", "a2", "b1")
		for _, want := range []string{"a1", "a2", "b1", "nothing"} {
			if _, got := next(t, q); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
	})
}

func TestABusyHostLetsOthersPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queued(2, "a1", "a2", "a3", "b1", "a4")
		first, _ := next(t, q)
		_, _ = next(t, q)
		if _, got := next(t, q); got != "b1" {
			t.Errorf("%s, want b1", got)
		}
		if _, got := next(t, q); got != "nothing" {
			t.Errorf("%s, want nothing", got)
		}
		q.rest(first, ended, "", time.Time{})
		if _, got := next(t, q); got != "a3" {
			t.Errorf("%s, want a3", got)
		}
	})
}

func TestAPausedHostIsWaitedForWithoutAPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until, asked := time.Now().Add(time.Hour), 0
		q := newQueue(0, func(host string) time.Duration {
			asked++
			if host == "a" {
				return max(0, time.Until(until))
			}
			return 0
		})
		q.push(&item{shown: "a1", host: "a"}, false)
		q.push(&item{shown: "b1", host: "b"}, false)
		if _, got := next(t, q); got != "b1" {
			t.Errorf("%s, want b1", got)
		}
		began := time.Now()
		it, _, err := q.take(t.Context(), new(ticket))
		if err != nil || it.shown != "a1" || time.Since(began) != time.Hour {
			t.Errorf("%v after %v: %v", it, time.Since(began), err)
		}
		if asked > 10 {
			t.Errorf("the host's pause was asked for %d times", asked)
		}
	})
}

func TestWhatIsHeldKeepsItsPlaceAndFreesItsTicket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &run{queue: queued(0, "a1", "a2", "a3")}
		tick := new(ticket)
		it, try, err := r.queue.take(t.Context(), tick)
		if err != nil {
			t.Fatal(err)
		}
		r.Hold(it.id)
		if cause := context.Cause(try); !errors.Is(cause, errHeld) {
			t.Fatalf("the try ended with %v", cause)
		}
		r.queue.rest(tick, waits, "", time.Time{})
		if got := waiting(r.queue); got != "a1 a2 a3" {
			t.Errorf("%s", got)
		}
		if _, got := next(t, r.queue); got != "a2" {
			t.Errorf("%s, want a2", got)
		}
		r.Release(it.id)
		if _, got := next(t, r.queue); got != "a1" {
			t.Errorf("%s, want a1", got)
		}
	})
}

func TestATicketThatWaitsForAnotherTryGivesAHeldItemBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &run{queue: queued(0, "a1", "a2")}
		tick := new(ticket)
		it, _, _ := r.queue.take(t.Context(), tick)
		r.queue.rest(tick, tried, "503", time.Now().Add(time.Minute))
		r.Hold(it.id)
		if again, _, _ := r.queue.take(t.Context(), tick); again.shown != "a2" {
			t.Errorf("%s, want a2", again.shown)
		}
		if got := waiting(r.queue); got != "a1" {
			t.Errorf("%q waits", got)
		}
	})
}

func TestItemsAreMoved(t *testing.T) {
	for _, test := range []struct {
		id, to int
		want   string
	}{
		{1, 0, "a b c"},
		{3, 0, "c a b"},
		{1, 1, "b a c"},
		{1, 99, "b c a"},
		{2, -5, "b a c"},
		{77, 0, "a b c"}, // there is none
	} {
		r := &run{queue: queued(0, "a", "b", "c")}
		r.Move(test.id, test.to)
		if got := waiting(r.queue); got != test.want {
			t.Errorf("%d to %d: %s, want %s", test.id, test.to, got, test.want)
		}
	}
}

func TestWhatIsCancelledByHandDoesNotWaitForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &run{queue: queued(1, "a1", "a2", "a3")}
		_, _ = next(t, r.queue) // the host is busy now
		r.Drop(3)
		if _, got := next(t, r.queue); got != "a3" {
			t.Errorf("%s, want a3", got)
		}
	})
}

func TestAnotherAddressEndsTheTry(t *testing.T) {
	r, tick := &run{queue: queued(0, "a1")}, new(ticket)
	_, try, err := r.queue.take(t.Context(), tick)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Readdress(1, "ftp://x/"); err == nil || try.Err() != nil {
		t.Errorf("a bad address was taken: %v", err)
	}
	if err := r.Readdress(1, "https://other.example/b"); err != nil {
		t.Fatal(err)
	}
	if it := r.queue.taken[0]; !errors.Is(context.Cause(try), errReaddressed) || it.host != "other.example" || it.from != "https://other.example/b" {
		t.Errorf("%+v", it)
	}
	if r.queue.rest(tick, waits, "", time.Time{}); len(r.queue.hosts) != 0 {
		t.Errorf("connections are counted that ended: %v", r.queue.hosts)
	}
}

func TestSegmentsCountForTheirHost(t *testing.T) {
	q := queued(3, "a1")
	if _, _, err := q.take(t.Context(), new(ticket)); err != nil {
		t.Fatal(err)
	}
	second, third := q.another("a"), q.another("a")
	if second == nil || third == nil || q.another("a") != nil {
		t.Error("not three connections")
	}
	second()
	if q.another("a") == nil {
		t.Error("what was given back is not there")
	}
}

func TestAPausedRunStartsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queued(0, "a1")
		q.setResting(true)
		if _, got := next(t, q); got != "nothing" {
			t.Errorf("%s was started", got)
		}
		passed := false
		go func() { passed = q.gate(t.Context()) == nil }()
		synctest.Wait()
		if passed {
			t.Error("the gate is open")
		}
		q.setResting(false)
		synctest.Wait()
		if _, got := next(t, q); got != "a1" || !passed {
			t.Errorf("%s, gate open: %v", got, passed)
		}
	})
}

func TestEveryItemGetsATicket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queued(0, "a1")
		tick, _ := next(t, q)
		q.push(&item{shown: "a2", host: "a"}, true)
		if !q.more(t.Context()) {
			t.Fatal("what was added gets no ticket")
		}
		more := make(chan bool, 1)
		go func() { more <- q.more(t.Context()) }()
		synctest.Wait()
		q.rest(tick, ended, "", time.Time{})
		second, _ := next(t, q)
		q.rest(second, ended, "", time.Time{})
		if <-more {
			t.Error("a ticket for nothing")
		}
	})
}

func TestACancelledRunNamesWhatItDidNotTake(t *testing.T) {
	q := queued(0, "a1", "a2")
	got := []string{q.name(new(ticket)), q.name(new(ticket)), q.name(new(ticket))}
	if !slices.Equal(got, []string{"a1", "a2", ""}) {
		t.Errorf("%q", got)
	}
}

func TestPendingShowsWhatIsInHandThenWhatWaits(t *testing.T) {
	r := &run{queue: queued(1, "a1", "a2", "b1")}
	tick := new(ticket)
	if _, _, err := r.queue.take(t.Context(), tick); err != nil {
		t.Fatal(err)
	}
	r.unread.Store(7)
	r.Hold(3)
	shown, all := r.Pending(0, 10)
	var got []string
	for _, p := range shown {
		got = append(got, fmt.Sprintf("%s %v %s", p.Item, p.Active, p.State))
	}
	want := []string{"a1 true connecting", "a2 false waiting: 1 of a are in hand", "b1 false paused"}
	if !slices.Equal(got, want) || all != 10 {
		t.Errorf("%q, %d in all", got, all)
	}
	if shown, _ := r.Pending(1, 1); len(shown) != 1 || shown[0].Item != "a2" {
		t.Errorf("the second: %+v", shown)
	}
	r.queue.rest(tick, tried, "503 Service Unavailable", time.Now().Add(time.Hour))
	if shown, _ := r.Pending(0, 1); shown[0].State != "again in 3600 s: 503 Service Unavailable" {
		t.Errorf("%+v", shown)
	}
}

func TestRatesSettle(t *testing.T) {
	var r rate
	count := int64(0)
	for range 40 {
		count += 500
		r.look(count, time.Second/2)
	}
	if r.perSecond < 990 || r.perSecond > 1010 {
		t.Errorf("%f", r.perSecond)
	}
	for range 40 {
		r.look(count, time.Second/2)
	}
	if r.perSecond > 10 {
		t.Errorf("%f when nothing comes", r.perSecond)
	}
}

func TestALongChartIsThinned(t *testing.T) {
	s := newSpeed(0)
	for i := range 5000 {
		s.look(int64(i)*1e6, 1, time.Second)
	}
	if n := len(s.drawn); n < mostDrawn/4 || n > mostDrawn {
		t.Fatalf("%d points", n)
	}
	for _, p := range s.drawn[1:] {
		if p.Value != 1 {
			t.Fatalf("%f MB/s, want 1", p.Value)
		}
	}
}
