package gui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"manyhands/core"
	"manyhands/core/catalog"
)

// reply is the answer of the fake service to a request, with the columns asked for.
type reply struct {
	Bytes int64 `col:"Size" unit:"B" json:"bytes"`
	Code  int   `col:"Status" json:"status"`
	extra []any
}

func (r reply) ExtraValue(column int) any { return r.extra[column] }

// inquiry is a scenario that asks a service: it has lines, columns of its
// settings, details, live charts and values to pick.
type inquiry struct {
	URLs    []string     `name:"url" arg:"" optional:"" sep:"\n" kind:"lines" label:"Addresses" placeholder:"https://example.org/api/items/1" help:"Addresses"`
	List    string       `kind:"file" label:"List" help:"A file with addresses"`
	Method  string       `enum:"GET,POST,HEAD" default:"GET" help:"How"`
	Rate    int          `default:"50" label:"Requests/s" help:"At most"`
	Columns []string     `pick:"" placeholder:"title,author.name" help:"What to take of each answer"`
	Workers core.Workers `default:"4" help:"How many at once"`
	service *service
}

// service is what tests do to the work, and learn of it.
type service struct {
	gate    chan struct{} // nil: open; else Details, Picks and an item need a token
	picks   []core.Pick
	refuse  error // of Picks
	read    atomic.Int64
	charted atomic.Int64
	body    string
	broken  bool // Details panics
	notes   []string
}

func (s *service) pass() {
	if s.gate != nil {
		<-s.gate
	}
}

func (q *inquiry) Check() error {
	if len(q.URLs) == 0 && q.List == "" {
		return errors.New("addresses: type or paste at least one")
	}
	return nil
}

func (q *inquiry) Extra() []string { return q.Columns }

func (q *inquiry) Find(_ context.Context, found func(string, int64) bool) error {
	for _, url := range q.URLs {
		if !found(url, 0) {
			return nil
		}
	}
	if q.List != "" {
		found("listed", 0)
	}
	return nil
}

func (q *inquiry) Picks(ctx context.Context, setting string) ([]core.Pick, error) {
	q.service.pass()
	if setting != "columns" || len(q.URLs) == 0 {
		return nil, errors.New("there is no address to ask")
	}
	return q.service.picks, errors.Join(q.service.refuse, ctx.Err())
}

func (q *inquiry) Details(row core.Row) []core.Section {
	q.service.read.Add(1)
	q.service.pass()
	if q.service.broken {
		panic("no such answer")
	}
	if row.Out == nil {
		return nil
	}
	return []core.Section{
		{Title: "Body", Text: q.service.body + "\n" + row.Item},
		{Title: "Headers", Text: "Content-Type: application/json\nServer: practice\nX-Request-Id: " + row.Item},
	}
}

// charted is a run with figures.
type charted struct {
	core.Steerable
	service *service
}

func (c charted) Charts() []core.Chart {
	n := int(c.service.charted.Add(1)) * 100
	rate := core.Chart{Title: "Requests per second", Unit: "/s", Limit: 50}
	took := core.Chart{Title: "Time to the first byte", Unit: "ms"}
	for i := range n {
		at := time.Duration(i) * 100 * time.Millisecond
		rate.Points = append(rate.Points, core.Point{At: at, Value: min(48+float64(i%3), float64(i))})
		took.Points = append(took.Points, core.Point{At: at, Value: 180 + float64(i*i%97)})
	}
	return []core.Chart{rate, took}
}

func (c charted) Notes() []string { return c.service.notes }

func (q *inquiry) Start(ctx context.Context, log core.Log) (core.Steerable, error) {
	job := core.Job[string, reply]{
		Source: core.From(func(yield func(string) bool) {
			for _, url := range q.URLs {
				if !yield(url) {
					return
				}
			}
		}),
		Total: len(q.URLs), Workers: q.Workers.Count(), Log: log, Open: core.Func(q.ask),
	}
	return charted{core.Start(ctx, job), q.service}, nil
}

func (q *inquiry) ask(_ context.Context, url string) (reply, error) {
	if strings.Contains(url, "/7") {
		return reply{}, errors.New("429 Too Many Requests: asked again 3 times, wait or lower Requests/s")
	}
	made := reply{Bytes: 4242, Code: 200}
	for i, column := range q.Columns {
		made.extra = append(made.extra, map[bool]any{true: len(url) + i, false: column + " of\n" + url}[i == 0])
	}
	return made, nil
}

func aboutInquiry(in *service) catalog.Scenario {
	return catalog.Scenario{
		Name: "inquiry", Title: "Web API", About: "Ask a web service many things.", Item: "Address", Icon: "computer",
		New:     func() catalog.Config { return catalog.Defaults(&inquiry{service: in}) },
		Columns: catalog.ColumnsOf[reply](),
	}
}

// calls opens a window with the inquiry.
func calls(t *testing.T) (*desk, *service) {
	t.Helper()
	in := &service{
		body:  "{\n\t\"title\": \"Many hands\",\n\t\"author\": {\"name\": \"Heywood\"}\n}",
		picks: []core.Pick{{Value: "title", Example: "Many hands"}, {Value: "author.name", Example: "Heywood"}, {Value: "a,b", Example: "odd"}},
	}
	return sitBefore(t, test.NewTempApp(t), &world{}, aboutInquiry(in)), in
}

func addresses(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "https://example.org/api/items/%d?lang=en,de\n", i+1)
	}
	return b.String()
}

// called is a desk where a run over n addresses has ended.
func called(t *testing.T, n int) (*desk, *service) {
	t.Helper()
	d, in := calls(t)
	d.fill("url", addresses(n))
	d.fill("columns", "id,title")
	d.fill("workers", "1") // so that results come in order
	test.Tap(d.page.bar.start)
	d.finish()
	return d, in
}

// Until the next run begins.
func TestNotesStandUnderTheSummary(t *testing.T) {
	d, in := called(t, 3)
	if notes := d.page.bar.notes; notes.Visible() {
		t.Errorf("a run without notes shows %q", notes.Text)
	}
	in.notes = []string{"200: 3", "Latency p50 12.3 ms"}
	test.Tap(d.page.bar.start)
	d.finish()
	d.want("notes", d.page.bar.notes.Text, "200: 3 · Latency p50 12.3 ms")
	if !d.page.bar.notes.Visible() {
		t.Error("the notes are hidden")
	}
	in.gate = make(chan struct{})
	d.page.bar.busy("Starting…")
	if d.page.bar.notes.Visible() {
		t.Error("the notes of the last run stand beside the next one")
	}
}
