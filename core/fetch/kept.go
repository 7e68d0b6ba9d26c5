package fetch

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"manyhands/core/web"
)

// What is kept for Details, in bytes: of one body, and over the run.
const (
	mostBodyKept = 256 << 10
	mostKept     = 32 << 20
)

// detail is what Details shows of one request.
type detail struct {
	item            string // Row.Item
	method, address string
	sent            http.Header
	sentBody        string // the beginning
	status          string // "HTTP/1.1 200 OK"; "" when there was no answer
	header          http.Header
	body            []byte // the beginning
	size            int    // of the whole body
	tries           []try
	weight          int // about how much memory it takes
}

// try is one request as it was sent.
type try struct {
	at                                time.Time
	waited, connect, handshake, first time.Duration
	took                              time.Duration
	sends                             int
	remote                            string
	result                            string // why it failed, or its status
}

func newTry(t web.Trace, a *answer, err error) try {
	made := try{
		at: t.Sent, waited: t.Waited, connect: t.Connect, handshake: t.Handshake, first: t.FirstByte,
		sends: t.Sends, remote: t.Remote,
	}
	if a != nil {
		made.took, made.result = a.took, a.Status
	}
	if err != nil {
		made.result = web.Explain(err).Error()
	}
	return made
}

func newDetail(req *http.Request, it *item, a *answer) *detail {
	d := &detail{item: it.name, method: req.Method, address: req.URL.Redacted(), sent: masked(req.Header), tries: it.tries}
	if req.GetBody != nil {
		d.sentBody = beginning(req)
	}
	if a != nil {
		d.status, d.header, d.size = a.Proto+" "+a.Status, a.Header, len(a.body)
		d.body = append([]byte(nil), a.body[:min(len(a.body), mostBodyKept)]...)
	}
	d.weight = 500 + len(d.address) + len(d.sentBody) + cap(d.body) + headerWeight(d.sent) + headerWeight(d.header)
	for _, t := range d.tries {
		d.weight += 200 + len(t.result)
	}
	return d
}

func headerWeight(h http.Header) int {
	n := 0
	for name, values := range h {
		n += 64 + len(name)
		for _, v := range values {
			n += 16 + len(v)
		}
	}
	return n
}

// keep holds the details of a run: the newest, as many as there is room for.
type keep struct {
	mu     sync.Mutex
	bySeq  map[int]*detail
	order  []kept // the oldest first, also those that were replaced
	weight int
}

type kept struct {
	seq    int
	detail *detail
}

func newKeep() *keep { return &keep{bySeq: map[int]*detail{}} }

// add keeps the detail of the seq-th item, in the place of its earlier one.
// That one counts until its turn to go comes, since order holds it.
func (k *keep) add(seq int, d *detail) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bySeq[seq] = d
	k.order = append(k.order, kept{seq, d})
	k.weight += d.weight
	for k.weight > mostKept {
		oldest := k.order[0]
		k.order[0] = kept{}
		k.order = k.order[1:]
		k.weight -= oldest.detail.weight
		if k.bySeq[oldest.seq] == oldest.detail {
			delete(k.bySeq, oldest.seq)
		}
	}
}

// of is the detail of the seq-th item, or nil. Rows of a run of some items only
// count anew: then the name tells.
func (k *keep) of(seq int, item string) *detail {
	k.mu.Lock()
	defer k.mu.Unlock()
	if d := k.bySeq[seq]; d != nil && d.item == item {
		return d
	}
	for _, kept := range slices.Backward(k.order) {
		if kept.detail.item == item {
			return kept.detail
		}
	}
	return nil
}
