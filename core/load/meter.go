package load

import (
	"strings"
	"sync"

	"github.com/dustin/go-humanize"

	"manyhands/core"
	"manyhands/core/database"
)

// figures are what rows came to so far.
type figures struct {
	inserted, updated, skipped, converted int64
	looking                               int  // pieces that were looked at
	writing, finishing                    bool // how far it is
}

// String says what rows came to: "1,240 rows inserted, 3 skipped".
func (f figures) String() string {
	parts := []string{rows(f.inserted) + " inserted"}
	if f.updated > 0 {
		parts = append(parts, humanize.Comma(f.updated)+" updated")
	}
	if f.skipped > 0 {
		parts = append(parts, humanize.Comma(f.skipped)+" skipped")
	}
	return strings.Join(parts, ", ")
}

// meter counts what is read and written.
type meter struct {
	mu    sync.Mutex
	now   figures
	at    int64 // bytes of the files read by the pass under way
	pass  int64 // passes that are over
	rows  *core.Series
	bytes *core.Series
}

func newMeter() *meter { return &meter{rows: core.NewSeries(), bytes: core.NewSeries()} }

func (m *meter) figures() figures {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// looked is told of a piece whose values were looked at: so much of all files
// was read by then.
func (m *meter) looked(read int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now.looking++
	m.reach(read)
}

// reach takes note of how far the pass is. The lock is held.
func (m *meter) reach(read int64) {
	if read > m.at {
		m.bytes.Add(float64(read - m.at))
		m.at = read
	}
}

// wrote is told of rows that were written.
func (m *meter) wrote(b *Batch, converted int, read int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.now.writing && m.now.looking > 0 {
		m.at, m.pass = 0, 1
	}
	m.now.writing = true
	m.now.inserted += int64(b.Inserted)
	m.now.updated += int64(b.Updated)
	m.now.skipped += int64(b.Skipped)
	m.now.converted += int64(converted)
	m.rows.Add(float64(b.Inserted + b.Updated + b.Skipped + b.Rejected))
	m.reach(read)
}

func (m *meter) finishing() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now.finishing = true
}

// committed is told what is in the database: at the start of a load that is
// gone on with, and at the end.
func (m *meter) committed(p database.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now.inserted, m.now.updated, m.now.skipped, m.now.converted = p.Inserted, p.Updated, p.Skipped, p.Converted
}

// charts are what comes a second.
func (m *meter) charts() []core.Chart {
	return []core.Chart{
		{Title: "Rows written", Unit: "/s", Points: m.rows.Points()},
		{Title: "Read", Unit: "MB/s", Points: millions(m.bytes.Points())},
	}
}

func millions(points []core.Point) []core.Point {
	for i := range points {
		points[i].Value /= 1e6
	}
	return points
}

// Charts are the rows written and the bytes read by time.
func (r *run) Charts() []core.Chart { return r.meter.charts() }

// Bytes are those read, those there are in all passes, and how many are read in
// a second.
func (r *run) Bytes() (done, all int64, perSecond float64) {
	m := r.meter
	m.mu.Lock()
	defer m.mu.Unlock()
	size := r.size.Load()
	return m.pass*size + m.at, r.passes.Load() * size, m.bytes.Rate()
}
