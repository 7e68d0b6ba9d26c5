package core

import (
	"cmp"
	"math/bits"
	"slices"
	"sync/atomic"
	"time"
)

// ring is a queue that grows, taken from at the front.
type ring[T any] struct {
	buf  []T // its length is a power of two
	head int
	n    int
}

func (q *ring[T]) len() int { return q.n }

func (q *ring[T]) grow() {
	if q.n < len(q.buf) {
		return
	}
	buf := make([]T, max(64, 2*len(q.buf)))
	copied := copy(buf, q.buf[q.head:])
	copy(buf[copied:], q.buf[:q.head])
	q.buf, q.head = buf, 0
}

func (q *ring[T]) push(v T) {
	q.grow()
	q.buf[(q.head+q.n)&(len(q.buf)-1)] = v
	q.n++
}

func (q *ring[T]) pushFront(v T) {
	q.grow()
	q.head = (q.head - 1) & (len(q.buf) - 1)
	q.buf[q.head] = v
	q.n++
}

// pop appends the first n items to dst, and forgets them.
func (q *ring[T]) pop(dst []T, n int) []T {
	for n > 0 {
		stretch := q.buf[q.head:min(q.head+n, len(q.buf))]
		dst = append(dst, stretch...)
		clear(stretch)
		q.head = (q.head + len(stretch)) & (len(q.buf) - 1)
		q.n -= len(stretch)
		n -= len(stretch)
	}
	return dst
}

// inlet is a queue of fixed room between one goroutine that pushes, without a
// lock, and others that pop, under one. Who pushes knows that there is room.
type inlet[T any] struct {
	buf  []T // its length is a power of two
	head int
	tail atomic.Int64 // counts all that were ever pushed
}

func newInlet[T any](room int) inlet[T] {
	return inlet[T]{buf: make([]T, 1<<bits.Len(uint(room-1)))}
}

func (q *inlet[T]) len() int { return int(q.tail.Load()) - q.head }

func (q *inlet[T]) push(v T) {
	tail := q.tail.Load()
	q.buf[int(tail)&(len(q.buf)-1)] = v
	q.tail.Store(tail + 1)
}

// pop appends the first n items to dst, and forgets them.
func (q *inlet[T]) pop(dst []T, n int) []T {
	for n > 0 {
		at := q.head & (len(q.buf) - 1)
		stretch := q.buf[at:min(at+n, len(q.buf))]
		dst = append(dst, stretch...)
		clear(stretch)
		q.head += len(stretch)
		n -= len(stretch)
	}
	return dst
}

// retries holds the items that wait for another attempt, the next one first.
type retries[In any] struct {
	waiting []retry[In]
	timer   *time.Timer
}

type retry[In any] struct {
	task task[In]
	due  time.Duration
}

func (s *retries[In]) add(t task[In], due time.Duration) {
	i, _ := slices.BinarySearchFunc(s.waiting, due, func(w retry[In], due time.Duration) int {
		return cmp.Or(cmp.Compare(w.due, due), -1) // behind those due at the same time
	})
	s.waiting = slices.Insert(s.waiting, i, retry[In]{t, due})
}

func (s *retries[In]) next() (due time.Duration, ok bool) {
	if len(s.waiting) == 0 {
		return 0, false
	}
	return s.waiting[0].due, true
}

// due takes out the items due by now, the latest first.
func (s *retries[In]) due(now time.Duration) []task[In] {
	var tasks []task[In]
	for len(s.waiting) > 0 && s.waiting[0].due <= now {
		tasks = append(tasks, s.waiting[0].task)
		s.waiting = s.waiting[1:]
	}
	slices.Reverse(tasks)
	return tasks
}

func (s *retries[In]) all() []task[In] {
	tasks := make([]task[In], len(s.waiting))
	for i, w := range s.waiting {
		tasks[i] = w.task
	}
	s.waiting = nil
	return tasks
}

func (s *retries[In]) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}
