package transfer

import "sync/atomic"

// Progress is how far a download is. It may be read at any time, and lasts over
// several tries.
type Progress struct {
	Done        atomic.Int64 // bytes that are there
	All         atomic.Int64 // of so many; 0: not known
	Resumed     atomic.Int64 // of Done, those that were there before this try
	Connections atomic.Int32 // now
	phase       atomic.Int32
}

const (
	waiting int32 = iota
	connecting
	downloading
	checking
	saving
)

var phases = [...]string{"connecting", "connecting", "downloading", "checking", "saving"}

// Phase is what is being done, in a word.
func (p *Progress) Phase() string { return phases[p.phase.Load()] }

func (p *Progress) begin() {
	p.Resumed.Store(0)
	p.phase.Store(connecting)
}

// at says that so many bytes are there, and were before this try.
func (p *Progress) at(n int64) {
	p.Done.Store(n)
	p.Resumed.Store(n)
}
