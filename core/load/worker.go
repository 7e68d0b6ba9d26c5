package load

import (
	"context"

	"manyhands/core/database"
	"manyhands/core/records"
)

// Batch is what came of one piece of the source, or of one row.
type Batch struct {
	Step     string `col:"Step" json:"step"`
	Rows     int    `col:"Rows" json:"rows"`
	Inserted int    `col:"Inserted" json:"inserted"`
	Updated  int    `col:"Updated" json:"updated"`
	Skipped  int    `col:"Skipped" json:"skipped"`
	Rejected int    `col:"Rejected" json:"rejected"`
	Bytes    int64  `col:"Size" unit:"B" json:"bytes"` // as text

	rows    database.Batch // to be written
	parsed  *records.Batch // behind them; nil: they are generated
	in      *input
	rejects []records.Reject // of what could not be read
	to      records.Position
	read    int64 // bytes of all files, up to here
}

// worker reads pieces. It keeps the parser of the file that it is at.
type worker struct {
	in     *input
	step   string
	parser *records.Parser
	survey *records.Survey
}

// Do reads a piece.
func (w *worker) Do(_ context.Context, p *piece) (Batch, error) {
	switch {
	case p.wrong != nil:
		return Batch{}, p.wrong
	case p.step == stepFinish:
		return Batch{Step: stepFinish}, nil
	case p.in == nil:
		users := newUsers(p.users)
		return Batch{Step: stepWrite, Rows: users.Len(), rows: users, to: records.Position{Offset: int64(p.users.from + p.users.n)}}, nil
	}
	w.turn(p)
	size, to, read := int64(len(p.block.Data)), p.block.To, p.in.before+p.block.Consumed
	b := w.parser.Parse(p.block)
	out := Batch{Step: p.step, Rows: b.Len(), Rejected: len(b.Rejects()), Bytes: size, in: p.in, rejects: b.Rejects(), to: to, read: read}
	if p.step == stepTypes {
		w.survey.Add(b)
		b.Release()
		out.rejects = nil
		return out, nil
	}
	out.rows, out.parsed = p.in.place(b), b
	return out, nil
}

// turn turns to the file and the step of a piece.
func (w *worker) turn(p *piece) {
	if w.in == p.in && w.step == p.step {
		return
	}
	w.in, w.step = p.in, p.step
	if p.step == stepTypes {
		w.parser, w.survey = records.NewParser(p.in.Layout, nil), p.in.survey()
		return
	}
	w.parser = records.NewParser(p.in.Layout, p.in.columns)
}

// Close does nothing: what the worker has found belongs to the file.
func (w *worker) Close() error { return nil }
