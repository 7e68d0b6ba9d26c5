package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"manyhands/core"
	"manyhands/core/database"
	"manyhands/core/records"
)

// rejects keeps what cannot be loaded: the first ones to be shown, all in a
// file. The file is as long as the transactions say that were committed.
type rejects struct {
	wanted  string // a file that a person named; "": beside
	beside  string // where it is else made
	several bool   // reasons name the file

	mu   sync.Mutex
	kept []core.Reject
	all  int

	// Of the writer.
	unread int // of all: records that could not be read
	path   string
	file   *os.File // nil: there are none so far
	csv    *records.RejectWriter
	failed error // some are not in the file: no transaction may say that they are
}

// mostKept is how many rejects are shown, and mostShown how much of a record.
const (
	mostKept  = 10_000
	mostShown = 4 << 10
)

func newRejects(c *Config) *rejects {
	without := strings.TrimSuffix(c.DB, filepath.Ext(c.DB))
	table := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, c.Table)
	return &rejects{wanted: c.Rejects, beside: without + "-" + table + "-rejects.csv", several: len(c.Files) > 1}
}

// note is what is kept of the rejects with a transaction.
type note struct {
	File   string `json:"file"`
	Unread int    `json:"unread"`
}

// noted is the note of the last transaction, the zero note if there is none.
func noted(p database.Progress) (n note, err error) {
	if p.Mark.Note == "" {
		return n, nil
	}
	if err := json.Unmarshal([]byte(p.Mark.Note), &n); err != nil {
		return n, fmt.Errorf("read what the load has noted of its rejects: %w", err)
	}
	return n, nil
}

// mark makes the rejects durable, and says what of them belongs to a
// transaction.
func (r *rejects) mark() (database.Mark, error) {
	if r.failed != nil {
		return database.Mark{}, r.failed
	}
	if r.file == nil { // it is made by the first one
		return database.Mark{}, nil
	}
	if err := r.file.Sync(); err != nil {
		return database.Mark{}, r.trouble(err)
	}
	length, err := r.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return database.Mark{}, r.trouble(err)
	}
	text, err := json.Marshal(note{r.path, r.unread})
	return database.Mark{Bytes: length, Note: string(text)}, err
}

// resume goes on where the last transaction of a load ended.
func (r *rejects) resume(load database.Unfinished) error {
	p := load.Progress
	if p.Mark.Note == "" {
		r.reuse(load.Changed)
		return nil
	}
	n, err := noted(p)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(n.File, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the file of rejects %s is gone: put it back, or undo the load and begin anew", n.File)
	}
	if err != nil {
		return err
	}
	r.file, r.path = f, n.File
	r.continues(int(p.Rejected)+n.Unread, n.Unread)
	info, err := f.Stat()
	if err == nil && info.Size() < p.Mark.Bytes {
		return fmt.Errorf("the file of rejects %s has become shorter: put it back, or undo the load and begin anew", n.File)
	}
	if err == nil {
		err = f.Truncate(p.Mark.Bytes)
	}
	if err == nil {
		_, err = f.Seek(p.Mark.Bytes, io.SeekStart)
	}
	if err == nil {
		r.csv, err = records.NewRejectWriter(f, false)
	}
	return err
}

// cut leaves out what belongs to no transaction: a resume comes to it again.
func (r *rejects) cut(p database.Progress) error {
	if r.csv == nil {
		return nil
	}
	n, err := noted(p)
	if err != nil {
		return err
	}
	r.continues(int(p.Rejected)+n.Unread, n.Unread)
	if err := r.file.Truncate(p.Mark.Bytes); err != nil {
		return r.trouble(err)
	}
	return nil
}

// continues takes over the counts of a load that is gone on with.
func (r *rejects) continues(all, unread int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all, r.unread = all, unread
	r.kept = r.kept[:min(len(r.kept), all)]
}

// reuse takes a file for its own that a load has made whose process was killed
// before its first transaction with a reject ended.
func (r *rejects) reuse(since time.Time) {
	info, err := os.Stat(r.beside)
	if r.wanted == "" && err == nil && !info.ModTime().Before(since) {
		r.wanted = r.beside
	}
}

// add writes rejects. unread of them could not be read, the database refused
// the rest.
func (r *rejects) add(name string, list []records.Reject, unread int) error {
	if len(list) == 0 || r.failed != nil {
		return r.failed
	}
	if r.file == nil {
		if err := r.create(); err != nil {
			r.failed = r.trouble(err)
			return r.failed
		}
	}
	r.keep(name, list)
	r.unread += unread
	if r.several {
		for i := range list {
			list[i].Reason = name + ": " + list[i].Reason
		}
	}
	if err := r.csv.Write(list...); err != nil {
		r.failed = r.trouble(err)
	}
	return r.failed
}

func (r *rejects) keep(name string, list []records.Reject) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all += len(list)
	for _, reject := range list[:min(len(list), mostKept-len(r.kept))] {
		record := strings.Clone(reject.Raw[:min(len(reject.Raw), mostShown)])
		r.kept = append(r.kept, core.Reject{Source: name, Line: reject.Line, Reason: reject.Reason, Record: record})
	}
}

// create makes the file: the one that was named, if it is none or holds
// rejects, or else one with a name that is free.
func (r *rejects) create() (err error) {
	if r.wanted != "" {
		if r.file, err = os.OpenFile(r.wanted, os.O_RDWR|os.O_CREATE, 0o666); err == nil { //nolint:gosec // as any program makes a file
			err = r.empty()
		}
		r.path = r.wanted
	} else {
		r.path = r.beside
		for n := 2; ; n++ {
			r.file, err = os.OpenFile(r.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // as any program makes a file
			if !errors.Is(err, fs.ErrExist) {
				break
			}
			r.path = fmt.Sprintf("%s (%d).csv", strings.TrimSuffix(r.beside, ".csv"), n)
		}
	}
	if err != nil {
		return err
	}
	r.csv, err = records.NewRejectWriter(r.file, true)
	return err
}

const rejectsBegin = "line,reason,record\n"

// empty empties a file of rejects, and no other.
func (r *rejects) empty() error {
	head := make([]byte, len(rejectsBegin))
	n, err := io.ReadFull(r.file, head)
	if n > 0 && string(head[:n]) != rejectsBegin {
		return errors.New("it is there and holds something else; choose another name")
	}
	if err != nil && n > 0 {
		return err
	}
	if _, err = r.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return r.file.Truncate(0)
}

func (r *rejects) trouble(err error) error {
	return fmt.Errorf("write the rejects to %s: %w", r.path, err)
}

// count is how many there are.
func (r *rejects) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all
}

// notes say how many there are and where, if there are any.
func (r *rejects) notes() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s rejected: %s", rows(int64(n)), r.path)}
}

// list are some of them, to be shown.
func (r *rejects) list(from, most int) ([]core.Reject, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	from = min(max(0, from), len(r.kept))
	return append([]core.Reject(nil), r.kept[from:min(from+max(0, most), len(r.kept))]...), r.all
}

func (r *rejects) close() error {
	if r.file == nil {
		return nil
	}
	if err := errors.Join(r.file.Sync(), r.file.Close()); err != nil {
		return r.trouble(err)
	}
	return nil
}
