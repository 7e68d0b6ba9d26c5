package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
)

// journal is what NAME.part.json says of the file.
type journal struct {
	Address   string     `json:"address"` // for people; without a password
	Name      string     `json:"name"`
	Validator validator  `json:"validator"`
	Coding    string     `json:"coding,omitempty"` // Content-Encoding
	Total     int64      `json:"total"`            // bytes; -1: not known
	Done      [][2]int64 `json:"done"`             // from, to before
}

// key is what a part in the folder is known by. An address may hold secrets.
func key(address string) string {
	sum := sha256.Sum256([]byte(address))
	return hex.EncodeToString(sum[:])
}

// redacted is an address without its password; one that cannot be read is left
// out.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Redacted()
}

var errJournal = errors.New("not a journal of a download")

// parseJournal reads a journal. What comes back can be relied on: its spans are
// in order and inside the file.
func parseJournal(text []byte) (journal, error) {
	var j journal
	if err := json.Unmarshal(text, &j); err != nil {
		return journal{}, err
	}
	end := j.Total
	if end < 0 {
		end = math.MaxInt64
	}
	at := int64(-1)
	for _, d := range j.Done {
		if d[0] <= at || d[1] <= d[0] || d[1] > end {
			return journal{}, errJournal
		}
		at = d[1]
	}
	if j.Total < -1 {
		return journal{}, errJournal
	}
	return j, nil
}

func (j *journal) done() spans {
	s := make(spans, len(j.Done))
	for i, d := range j.Done {
		s[i] = span{d[0], d[1]}
	}
	return s
}

func (j *journal) setDone(s spans) {
	j.Done = make([][2]int64, len(s))
	for i, part := range s {
		j.Done[i] = [2]int64{part.from, part.to}
	}
}

// of begins the journal of a file that an answer sends as a whole.
func (j *journal) of(resp *http.Response) {
	*j = journal{
		Address: j.Address, Name: j.Name, Total: resp.ContentLength,
		Validator: validatorOf(resp.Header), Coding: resp.Header.Get("Content-Encoding"),
	}
}
