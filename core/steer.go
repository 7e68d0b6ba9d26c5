package core

import "time"

// Steerable is a Run without its types: one run bar and one chart serve all
// scenarios. Every method may be called from any goroutine at any time, also
// after the end, when those that steer do nothing.
type Steerable interface {
	Pause()         // finish what is in hand, take no more
	Resume()        // take items again
	SetWorkers(int) // from now on; at least 1
	Drain()         // read no more, finish everything read
	Cancel()        // end what is in hand, drop what is queued
	Progress() Progress
	Timeline() [][]Bar     // per worker, what it did; copies
	Wait() (Report, error) // the run's own error; items' errors are in the results
	Done() <-chan struct{} // closed when Wait would return at once
}

// State says what a run is doing as a whole.
type State uint8

// The states of a run, in the order a person meets them.
const (
	Running State = iota
	Paused
	Draining
	Cancelling
	Ended
)

var stateNames = [...]string{"running", "paused", "draining", "cancelling", "ended"}

func (s State) String() string { return stateNames[s] }

// Progress is a cheap look at a run.
type Progress struct {
	State     State
	Total     int // 0 if not known yet
	Read      int // items taken from the source
	OK        int
	Failed    int
	Cancelled int
	Skipped   int
	Retrying  int // waiting for another attempt
	Workers   int
	Elapsed   time.Duration // since Start, pauses left out
	Rate      float64       // items per second, over the last seconds
	ETA       time.Duration // 0 while not known
	P50       time.Duration // of the time one item took
	P95       time.Duration
	P99       time.Duration
}

// Done counts the items that have ended, in whatever way.
func (p Progress) Done() int { return p.OK + p.Failed + p.Cancelled + p.Skipped }

// Report is what a run came to.
type Report struct {
	Items     int // read from the source
	OK        int
	Failed    int
	Cancelled int
	Skipped   int
	Unread    int           // of Job.Total, never read because the run ended early
	Wall      time.Duration // from Start to the end, pauses included
	Paused    time.Duration
	Busy      time.Duration // sum of all items' Took
	Rate      float64       // items per second of Wall less Paused
	P50       time.Duration
	P95       time.Duration
	P99       time.Duration
	Workers   int // most at once
}

// Overlap is the mean number of items in hand at once. It is no speed-up: an
// item's clock runs on while its goroutine waits for a processor.
func (r Report) Overlap() float64 {
	if working := r.Wall - r.Paused; working > 0 {
		return float64(r.Busy) / float64(working)
	}
	return 0
}

// Activity is what a worker spends time on.
type Activity uint8

// What a worker does between waiting for items.
const (
	Opening    Activity = iota // making its resource
	Limited                    // waiting for a permit
	Working                    // in Do
	Delivering                 // handing results to the sink
	activities
)

// Bar is a stretch of one worker's time, since the run's start. A long run's
// neighbouring bars are joined, so Spent may sum to less than End - Start.
type Bar struct {
	Start, End time.Duration
	Spent      [activities]time.Duration
	Items      int // that ended in this stretch
	Failed     int
	Seq        int // the longest of them, or the one in hand
}
