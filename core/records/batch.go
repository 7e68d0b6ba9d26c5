package records

import (
	"slices"
	"sync"
	"unsafe"
)

// Batch is the records of one Block, as typed cells. One goroutine uses it at
// a time, and gives it back by Release.
type Batch struct {
	block   *Block
	columns []Column
	rows    []row
	cells   []cell   // of a row side by side
	sparse  bool     // rows have some of the columns, in ascending order
	first   []uint32 // if sparse: the first cell of each row
	unsaid  []byte   // text of fields that does not stand like that in the block
	rejects []Reject

	beyondASCII bool // some valid text is
	notUTF8     bool // some record was rejected for it
}

// row is where a record stands in the block.
type row struct {
	start, stop, end uint32 // end is behind the end of line
	line             uint32 // lines of the block before it
}

// cell is a field. The low half of bits is where its text begins, n bytes in the
// block or in unsaid; the high half of one in unsaid is where it stands in the
// block.
type cell struct {
	bits   uint64 // of a number: the value
	n      uint32
	column uint16
	kind   Kind
	marks  marks
}

type marks uint8

const (
	quoted  marks = 1 << iota // stood in quotes
	apart                     // stands in Batch.unsaid
	literal                   // JSON that is no number
)

var batches = sync.Pool{New: func() any { return new(Batch) }}

// Len is the number of records that are not rejected.
func (b *Batch) Len() int { return len(b.rows) }

// Columns is the number of columns.
func (b *Batch) Columns() int { return len(b.columns) }

// Kind tells what a cell holds.
func (b *Batch) Kind(row, col int) Kind { return b.cell(row, col).kind }

// Int is the value of an Integer cell.
func (b *Batch) Int(row, col int) int64 { return int64(b.cell(row, col).bits) }

// Real is the value of a Real cell.
func (b *Batch) Real(row, col int) float64 { return float(b.cell(row, col).bits) }

// Text is the text of a Text cell, valid until Release; that of other cells is
// empty.
func (b *Batch) Text(row, col int) string {
	c := b.cell(row, col)
	if c.kind != Text || c.n == 0 {
		return ""
	}
	return unsafe.String(unsafe.SliceData(b.text(c)), c.n) //nolint:gosec // of memory that is not changed until Release
}

func (b *Batch) text(c *cell) []byte {
	if c.marks&apart != 0 {
		return b.unsaid[uint32(c.bits):][:c.n]
	}
	return b.block.Data[c.bits:][:c.n]
}

// place is where a cell that is no number stands in the block.
func (c *cell) place() int {
	if c.marks&apart != 0 {
		return int(c.bits >> 32)
	}
	return int(c.bits)
}

func (b *Batch) cell(row, col int) *cell {
	if b.sparse {
		return b.find(row, col)
	}
	return &b.cells[row*len(b.columns)+col]
}

var nothing cell

func (b *Batch) find(row, col int) *cell {
	cells := b.cellsOf(row)
	i, found := slices.BinarySearchFunc(cells, uint16(col), func(c cell, column uint16) int { return int(c.column) - int(column) })
	if !found {
		return &nothing
	}
	return &cells[i]
}

// cellsOf are the cells of a row of a sparse batch.
func (b *Batch) cellsOf(row int) []cell {
	end := len(b.cells)
	if row+1 < len(b.first) {
		end = int(b.first[row+1])
	}
	return b.cells[b.first[row]:end]
}

// Line is the line of the file, from 1, in which a record begins.
func (b *Batch) Line(row int) int64 { return b.block.From.Line + int64(b.rows[row].line) }

// Raw is a record as it stands, without its end of line, valid until Release.
func (b *Batch) Raw(row int) []byte { return b.block.Data[b.rows[row].start:b.rows[row].stop] }

// End is the offset behind a record and its end of line.
func (b *Batch) End(row int) int64 { return b.block.From.Offset + int64(b.rows[row].end) }

// To is where the next Block begins.
func (b *Batch) To() Position { return b.block.To }

// Consumed is how much of the file was read for this batch and all before it,
// in bytes.
func (b *Batch) Consumed() int64 { return b.block.Consumed }

// Rejects are the records that could not be read, in the order of the file.
// They stay valid after Release.
func (b *Batch) Rejects() []Reject { return b.rejects }

// Release gives the memory of the batch and of its block back. Nothing of the
// batch is to be used after that.
func (b *Batch) Release() {
	block := b.block
	b.block = nil
	if cap(b.cells) <= mostPooled/int(unsafe.Sizeof(cell{})) && cap(b.unsaid) <= mostPooled {
		batches.Put(b)
	}
	block.Release()
}

// newBatch is an empty batch for a block.
func newBatch(block *Block, columns []Column, sparse bool) *Batch {
	b := batches.Get().(*Batch)
	*b = Batch{
		block: block, columns: columns, sparse: sparse,
		rows: b.rows[:0], cells: b.cells[:0], first: b.first[:0], unsaid: b.unsaid[:0],
	}
	return b
}
