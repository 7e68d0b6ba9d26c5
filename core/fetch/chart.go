package fetch

import (
	"context"
	"net/http/httptrace"
	"sync"
	"time"

	"manyhands/core"
)

const (
	narrowest   = 500 * time.Millisecond // a bucket
	mostBuckets = 300
	mostSamples = 64 // latencies of one bucket
)

// meter counts what is sent, and how long answers take, by time. When the run
// gets long, neighbouring buckets are joined.
type meter struct {
	began time.Time
	limit float64 // per second; 0: none

	mu      sync.Mutex
	width   time.Duration
	buckets []bucket
}

// bucket is a stretch of time.
type bucket struct {
	sent int
	took sample
}

// newMeter makes buckets of whole windows: in no shorter time a limit says
// anything.
func newMeter(began time.Time, rate int, per time.Duration) *meter {
	windows := max(1, (narrowest+per-1)/per)
	return &meter{began: began, limit: float64(rate) / per.Seconds(), width: windows * per}
}

// at is the bucket of a moment. The lock is held.
func (m *meter) at(t time.Time) *bucket {
	since := max(0, t.Sub(m.began))
	for int(since/m.width) >= mostBuckets {
		m.join()
	}
	i := int(since / m.width)
	for len(m.buckets) <= i {
		m.buckets = append(m.buckets, bucket{})
	}
	return &m.buckets[i]
}

// join makes one bucket of two.
func (m *meter) join() {
	m.width *= 2
	for i := range (len(m.buckets) + 1) / 2 {
		b := m.buckets[2*i]
		if 2*i+1 < len(m.buckets) {
			b.sent += m.buckets[2*i+1].sent
			b.took.merge(m.buckets[2*i+1].took, mostSamples)
		}
		m.buckets[i] = b
	}
	half := (len(m.buckets) + 1) / 2
	clear(m.buckets[half:])
	m.buckets = m.buckets[:half]
}

func (m *meter) sent(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at(at).sent++
}

func (m *meter) answered(at time.Time, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at(at).took.add(took, mostSamples)
}

// watch makes a context for requests that are counted, each time that one is
// written to a server: redirects and what the transport repeats, too.
func (m *meter) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(httptrace.WroteRequestInfo) { m.sent(time.Now()) },
	})
}

// charts leave out the bucket that is not over yet.
func (m *meter) charts(now time.Time) []core.Chart {
	m.mu.Lock()
	defer m.mu.Unlock()
	rate := core.Chart{Title: "Requests per second", Unit: "/s", Limit: m.limit}
	latency := core.Chart{Title: "Latency", Unit: "ms"}
	for i := range m.buckets {
		b, end := &m.buckets[i], time.Duration(i+1)*m.width
		if end <= now.Sub(m.began) {
			rate.Points = append(rate.Points, core.Point{At: end, Value: float64(b.sent) / m.width.Seconds()})
		}
		if b.took.n > 0 {
			latency.Points = append(latency.Points, core.Point{At: end, Value: float64(b.took.quantile(0.5)) / float64(time.Millisecond)})
		}
	}
	return []core.Chart{rate, latency}
}
