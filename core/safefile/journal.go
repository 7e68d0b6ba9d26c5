package safefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
)

// Journal is what SetJournal was given last, in this process or another.
func (p *Part) Journal() json.RawMessage { return p.journal }

// SetJournal replaces the journal, at once and for good: whenever the process
// or the power fails, the old one is there or the new one. What was written to
// the part before is on the disk first, so that a journal never speaks of data
// that a power cut has taken. One caller at a time.
func (p *Part) SetJournal(journal json.RawMessage) error {
	if err := p.file.Sync(); err != nil {
		return p.folder.explain(p.name, err)
	}
	if err := p.writeJournal(journal, true); err != nil {
		return p.folder.explain(p.name, err)
	}
	p.journal = journal
	return nil
}

func (p *Part) writeJournal(journal json.RawMessage, lasting bool) error {
	content, err := json.Marshal(record{partFormat, p.of, journal})
	if err != nil {
		return err
	}
	f := p.folder
	temporary, file, err := f.temporary(".")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil && lasting {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = f.root.Rename(temporary, p.name+journalSuffix)
	}
	if err != nil {
		_ = f.root.Remove(temporary)
		return err
	}
	if lasting {
		return f.syncNames(".")
	}
	return nil
}

// readJournal reads the journal of a part. It is false if that is none of ours.
func (f *Folder) readJournal(part string) (record, bool) {
	name := part + journalSuffix
	if !f.regular(name) {
		return record{}, false
	}
	file, err := f.root.OpenFile(name, os.O_RDONLY|noWait, 0)
	if err != nil {
		return record{}, false
	}
	defer file.Close() //nolint:errcheck // only read
	if !f.same(name, file) {
		return record{}, false
	}
	content, err := io.ReadAll(io.LimitReader(file, mostJournal+1))
	if err != nil || len(content) > mostJournal {
		return record{}, false
	}
	return parseJournal(content)
}

func parseJournal(content []byte) (record, bool) {
	if !bytes.Contains(content, []byte(partFormat)) { // most other files are told by this
		return record{}, false
	}
	var r record
	err := json.Unmarshal(content, &r)
	return r, err == nil && r.Format == partFormat
}
