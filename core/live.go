package core

import "time"

// Chart is a figure of a run that changes while it goes on.
type Chart struct {
	Title  string  // "Requests per second"
	Unit   string  // "/s", "ms"
	Limit  float64 // not to be exceeded; 0: none
	Points []Point
}

// Point is a value at a time since the run's start.
type Point struct {
	At    time.Duration
	Value float64
}

// Section is a part of what there is to read of a result: "Body", and its text.
type Section struct{ Title, Text string }

// Pick is something that a setting may be made of: a place in an answer, and
// what stands there.
type Pick struct{ Value, Example string }

// Pending is an item of a run that has not ended, as a person sees it.
type Pending struct {
	ID        int     // names it to what steers it
	Item      string  // as in Row.Item
	State     string  // in words: "waiting", "downloading", "again in 12 s: 503 Service Unavailable"
	Active    bool    // a worker has it in hand
	Held      bool    // a person has paused it
	Done, All int64   // bytes; All 0: not known
	Rate      float64 // bytes per second
}
