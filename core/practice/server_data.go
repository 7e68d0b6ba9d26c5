package practice

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// mostRecords is how many there can be.
const mostRecords = 1_000_000

// record is one row of an API; all of it follows from its number.
type record struct {
	ID     int      `json:"id"`
	Name   string   `json:"name"`
	Value  float64  `json:"value"`
	Active bool     `json:"active"`
	Place  place    `json:"place"`
	Tags   []string `json:"tags"`
}

type place struct {
	City      string     `json:"city"`
	Position  [2]float64 `json:"position"`
	Elevation *int       `json:"elevation"` // null for some
}

var (
	firsts = []string{"Ada", "Björn", "Chloé", "Dmitri", "Élise", "Fatima", "Grace", "Hiro"}
	lasts  = []string{"Lovelace", "Müller", "O'Neil", "Sørensen", "Tanaka", "Yılmaz", "Žižka"}
	cities = []string{"Zürich", "Nairobi", "Lima", "Kyōto", "Reykjavík"}
	tags   = []string{"new", "red, green", `"quoted"`, "naïve", "line\nbreak", ""}
)

func recordOf(id int) record {
	random := rand.New(rand.NewPCG(uint64(id), 0))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	r := record{ID: id, Name: pick(firsts) + " " + pick(lasts), Value: float64(random.IntN(100_000)) / 100, Active: id%3 > 0}
	r.Place = place{City: pick(cities), Position: [2]float64{float64(random.IntN(180) - 90), float64(random.IntN(360) - 180)}}
	if id%4 > 0 {
		r.Place.Elevation = new(random.IntN(4000))
	}
	r.Tags = []string{}
	for range id % 4 {
		r.Tags = append(r.Tags, pick(tags))
	}
	return r
}

// records sends a page of them, and where the next is: in the body, and as a
// Link (RFC 8288).
func (s *Server) records(w http.ResponseWriter, p *params) {
	page, size := p.whole("page", 1, 1, mostRecords), p.whole("size", 20, 1, 1000)
	total := p.whole("total", 100, 0, mostRecords)
	if p.refused(w) {
		return
	}
	list := []record{}
	for id := (page-1)*size + 1; id <= min(page*size, total); id++ {
		list = append(list, recordOf(id))
	}
	answer := map[string]any{"page": page, "size": size, "total": total, "records": list, "next": nil}
	if page*size < total {
		next := fmt.Sprintf("http://%s/records?page=%d&size=%d&total=%d", p.Host, page+1, size, total)
		answer["next"] = next
		w.Header().Set("Link", "<"+next+`>; rel="next"`)
	}
	sendJSON(w, http.StatusOK, answer)
}

func (s *Server) record(w http.ResponseWriter, p *params) {
	id := p.whole("id", 0, 1, mostRecords)
	if !p.refused(w) {
		sendJSON(w, http.StatusOK, recordOf(id))
	}
}

// etag sends a text that changes with its tag only.
func (s *Server) etag(w http.ResponseWriter, p *params) {
	tag := p.text("tag", "")
	if strings.Contains(tag, `"`) {
		p.mistake("tag", "a text without quotes")
	}
	if p.refused(w) {
		return
	}
	w.Header().Set("ETag", `"`+tag+`"`)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	http.ServeContent(w, p.Request, "", modified, strings.NewReader(tag+"\n"))
}

// cache sends nothing new to whoever says that it has something.
func (s *Server) cache(w http.ResponseWriter, p *params) {
	w.Header().Set("Cache-Control", "max-age=60")
	w.Header().Set("Last-Modified", modified.Format(http.TimeFormat))
	w.Header().Set("ETag", `"practice"`)
	if p.Header.Get("If-None-Match") != "" || p.Header.Get("If-Modified-Since") != "" {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	s.anything(w, p)
}

func (s *Server) gzip(w http.ResponseWriter, _ *params) {
	var body bytes.Buffer
	packer := gzip.NewWriter(&body)
	_, _ = io.WriteString(packer, `{"gzipped": true}`+"\n")
	_ = packer.Close() // a buffer takes all
	w.Header().Set("Content-Encoding", "gzip")
	send(w, http.StatusOK, "application/json", body.Bytes())
}

// bomb sends zeros, about a thousandth of what they unpack to.
func (s *Server) bomb(w http.ResponseWriter, p *params) {
	size := p.size("size", 1e9, 100e9)
	if p.refused(w) {
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Type", "application/octet-stream")
	packer := gzip.NewWriter(w)
	if _, err := io.CopyN(packer, zeros{}, size); err != nil {
		return // the client has had enough
	}
	_ = packer.Close()
}

type zeros struct{}

// Read is for io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// tongues are lines for /text; each charset has some of them.
var tongues = []string{
	"The quick brown fox.", "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
	"Voix ambiguë d’un cœur, 5 €.", "Příliš žluťoučký kůň.", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
	"Съешь же ещё этих мягких французских булок.", "いろはにほへと", "天地玄黃 宇宙洪荒", "다람쥐 헌 쳇바퀴에", "🐎",
}

// text sends the lines that a charset has, in that charset.
func (s *Server) text(w http.ResponseWriter, p *params) {
	name := strings.ToLower(p.text("charset", ""))
	charset, err := htmlindex.Get(name)
	if err != nil {
		p.mistake("charset", "a charset of the web, as utf-8, iso-8859-1, windows-1251, shift_jis or utf-16le")
	}
	if p.refused(w) {
		return
	}
	var body []byte
	for _, line := range tongues {
		if encoded, err := charset.NewEncoder().String(line + "\n"); err == nil {
			body = append(body, encoded...)
		}
	}
	send(w, http.StatusOK, "text/plain; charset="+strings.TrimSpace(name), body)
}

func (s *Server) malformed(w http.ResponseWriter, _ *params) {
	send(w, http.StatusOK, "application/json", []byte(`{"id": 1, "name": "cut in the mid`))
}

func (s *Server) robots(w http.ResponseWriter, _ *params) {
	send(w, http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /private\n"))
}

func (s *Server) private(w http.ResponseWriter, _ *params) {
	send(w, http.StatusOK, "text/plain; charset=utf-8", []byte("robots.txt asks robots to stay away from here.\n"))
}

func nothingHere(w http.ResponseWriter, r *http.Request) {
	refuse(w, http.StatusNotFound, errors.New("nothing is at "+r.URL.EscapedPath()+" here; the page / lists what there is"))
}
