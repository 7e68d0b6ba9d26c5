package records

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// File is a file of records, which can be read any number of times.
type File struct {
	*Layout
	name string
	file *os.File
	info os.FileInfo
}

// Open opens a file and sniffs it. Its name says nothing about its format. What
// is no regular file, such as a pipe, is to be written to one first.
func Open(path string, o Options) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{name: path, file: file}
	if err := f.sniff(o); err != nil {
		_ = file.Close() // only read
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

func (f *File) sniff(o Options) (err error) {
	if f.info, err = f.file.Stat(); err != nil {
		return err
	}
	if !f.info.Mode().IsRegular() {
		return errors.New("this is no file that can be read twice")
	}
	f.Layout, err = Sniff(f.from(0), o)
	return err
}

// Close closes the file. Blocks fails from then on.
func (f *File) Close() error { return f.file.Close() }

// Size is that of the file, still packed, in bytes: Batch.Consumed comes to
// it.
func (f *File) Size() int64 { return f.info.Size() }

// from reads the file as long as it was when it was opened.
func (f *File) from(offset int64) io.Reader {
	return io.NewSectionReader(f.file, offset, f.Size()-offset)
}

// Identity tells a file from another, or from what has become of it.
type Identity struct {
	Size     int64
	Modified int64  // nanoseconds since 1970
	Sum      string // SHA-256 of the first and the last 64 KiB
}

// Identity reads both ends of the file.
func (f *File) Identity() (Identity, error) {
	h := sha256.New()
	for _, at := range []int64{0, max(0, f.Size()-64<<10)} {
		if _, err := io.Copy(h, io.NewSectionReader(f.file, at, min(64<<10, f.Size()-at))); err != nil {
			return Identity{}, fmt.Errorf("read %s: %w", f.name, err)
		}
	}
	return Identity{f.Size(), f.info.ModTime().UnixNano(), hex.EncodeToString(h.Sum(nil))}, nil
}

// Blocks makes the Source of a core.Job that reads from a position on, which is
// the end of a record; the zero Position is the first record that is data. If
// the line is known and the file is UTF-8 that is not packed, what is before is
// not read. When ctx ends there are no more blocks, and no error.
func (f *File) Blocks(from Position) func(ctx context.Context, yield func(*Block) bool) error {
	return func(ctx context.Context, yield func(*Block) bool) error {
		if err := f.blocks(ctx, from, yield); err != nil {
			return fmt.Errorf("read %s: %w", f.name, err)
		}
		return nil
	}
}

func (f *File) blocks(ctx context.Context, from Position, yield func(*Block) bool) error {
	if from.Offset == 0 {
		from = f.Start
	}
	r, err := f.read(from)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.skip(ctx, from); err != nil || ctx.Err() != nil {
		return err
	}
	s := splitter{
		scanner: scanner{dialect: f.dialect()}, text: r, consumed: r.consumed,
		size: cmp.Or(f.BlockSize, defaultBlock), next: r.at,
	}
	if err := s.run(ctx, yield); err != nil {
		return err
	}
	if s.atEnd && r.packed.n < f.Size() {
		return errors.New("the file has become shorter since it was opened")
	}
	return nil
}

// reading is the decoded text of a file.
type reading struct {
	io.Reader
	packed  *counted
	close   func()
	newline byte
	at      Position // of what is read next
}

func (r *reading) consumed() int64 { return r.packed.n }

// read opens the file where reading has to begin in order to come to a
// position.
func (f *File) read(to Position) (*reading, error) {
	if to.Line > 0 && f.Compression == "" && f.Encoding == utf8Name {
		at := int64(f.bom) + to.Offset
		if at > f.Size() {
			return nil, tooShort(f.Size()-int64(f.bom), to)
		}
		packed := &counted{f.from(at), at}
		return &reading{packed, packed, func() {}, f.Newline, to}, nil
	}
	packed := &counted{f.from(0), 0}
	in, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	decoded, err := f.decode(in)
	if err != nil {
		in.close()
		return nil, err
	}
	return &reading{decoded, packed, in.close, f.Newline, Position{Line: 1}}, nil
}

// skip reads up to a position.
func (r *reading) skip(ctx context.Context, to Position) error {
	b := newBlock(defaultBlock)
	defer b.Release()
	for r.at.Offset < to.Offset && ctx.Err() == nil {
		n, err := r.Read(b.Data[:min(int64(cap(b.Data)), to.Offset-r.at.Offset)])
		r.at.Offset += int64(n)
		r.at.Line += int64(bytes.Count(b.Data[:n:n], []byte{r.newline}))
		switch {
		case err == nil || errors.Is(err, io.EOF) && r.at.Offset == to.Offset:
		case errors.Is(err, io.EOF):
			return tooShort(r.at.Offset, to)
		default:
			return err
		}
	}
	return nil
}

func tooShort(length int64, to Position) error {
	return fmt.Errorf("the text ends at byte %d, before byte %d, where reading was to go on", length, to.Offset)
}

// counted counts what is read.
type counted struct {
	io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}
