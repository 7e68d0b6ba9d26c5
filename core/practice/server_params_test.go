package practice

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestBadParametersAreAnsweredInWords(t *testing.T) {
	s := loopback(t)
	for path, want := range map[string]string{
		"/bytes/many":                        `n: "many" does not do, give a number of bytes, as 1000 or 10MB, at most 1.1 TB`,
		"/bytes/-1":                          "n: ",
		"/bytes/2TB":                         "n: ",
		"/bytes/99999999999999999999EB":      "n: ",
		"/bytes/10?seed=-1":                  "seed: ",
		"/bytes/10?seed=%zz":                 "the part of the address after ? cannot be read",
		"/bytes/10?a;b":                      "the part of the address after ? cannot be read",
		"/file/a?size=x":                     "size: ",
		"/file/a?disposition=a%0D%0Ab":       "disposition: ",
		"/file/a%00b":                        "name: ",
		"/file/" + strings.Repeat("a", 1001): "name: ",
		"/sha256/a?size=11GB":                "size: ",
		"/changing/x":                        "n: ",
		"/noranges/1?at=x":                   "at: ",
		"/nolength/x":                        "n: ",
		"/drip/2GB":                          "n: ",
		"/drip/1?duration=61":                "duration: \"61\" does not do, give seconds, as 1.5 or 1500ms, from 0 to 60",
		"/drip/1?delay=NaN":                  "delay: ",
		"/cut/1?at=-1":                       "at: ",
		"/stall/1?at=x":                      "at: ",
		"/delay/60.1":                        "seconds: ",
		"/delay/-1":                          "seconds: ",
		"/delay/1e300":                       "seconds: ",
		"/delay/soon":                        "seconds: ",
		"/status/600":                        "codes: ",
		"/status/100":                        "codes: ",
		"/status/200,":                       "codes: ",
		"/status/200" + strings.Repeat(",200", 100): "codes: ",
		"/status/200?key=%01":                       "key: ",
		"/flaky/1001":                               "n: ",
		"/flaky/1?mode=x":                           `mode: "x" does not do, give 503 or close`,
		"/retry-after/86401":                        "seconds: ",
		"/retry-after/1?status=500":                 "status: ",
		"/retry-after/1?date=yes":                   "date: ",
		"/limited?rate=0":                           "rate: ",
		"/limited?per=0":                            "per: ",
		"/limited?per=2h":                           "per: ",
		"/limited?key=%7F":                          "key: ",
		"/limited/report?key=%7F":                   "key: ",
		"/records?page=0":                           "page: ",
		"/records?size=1001":                        "size: ",
		"/records?total=1000001":                    "total: ",
		"/record/0":                                 "id: ",
		"/redirect/101":                             "n: ",
		"/redirect-to":                              `url: "" does not do, give an address to be sent to`,
		"/redirect-to?url=%0A":                      "url: ",
		"/redirect-to?url=a&status=200":             "status: ",
		"/bomb?size=1TB":                            "size: ",
		"/text/klingon":                             "charset: ",
	} {
		if got := s.get(t, path); got.status != 400 || !strings.HasPrefix(got.body, want) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

func TestSizesAndTimesAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "1000": 1000, "10MB": 10e6, "1KiB": 1024, "1.5k": 1500, "": 7} {
		p := paramsOf("a=" + url.QueryEscape(text))
		if got := p.size("a", 7, largest); got != want || p.bad != nil {
			t.Errorf("%q is %d bytes, %v; want %d", text, got, p.bad, want)
		}
	}
	for text, want := range map[string]time.Duration{
		"0": 0, "2": 2 * time.Second, "0.25": time.Second / 4, "1s": time.Second, "1500ms": 1500 * time.Millisecond, "": 7,
	} {
		p := paramsOf("a=" + url.QueryEscape(text))
		if got := p.seconds("a", 7, longest); got != want || p.bad != nil {
			t.Errorf("%q is %v, %v; want %v", text, got, p.bad, want)
		}
	}
}

func TestTheFirstMistakeIsTold(t *testing.T) {
	p := paramsOf("a=x&b=y")
	p.whole("a", 0, 0, 1)
	p.whole("b", 0, 0, 1)
	if p.bad == nil || !strings.HasPrefix(p.bad.Error(), "a: ") {
		t.Errorf("told %v", p.bad)
	}
}

func paramsOf(query string) *params {
	return newParams(&http.Request{URL: &url.URL{Path: "/", RawQuery: query}})
}

// FuzzParams reads one text in every way. What is read is within its bounds, or
// there is a mistake.
func FuzzParams(f *testing.F) {
	for _, text := range []string{"", "1", "-1", "1e9", "NaN", "Inf", "1.5MB", "10 GiB", "200,500", "1h", "a\r\nb", "\xff", "٣", "0x10", "1,000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query := "a=" + url.QueryEscape(text)
		if p := paramsOf(query); within(p.size("a", 0, 1000), 0, 1000) && p.bad == nil && text == "1001" {
			t.Error("1001 was taken")
		}
		bounded := map[string]bool{
			"size":    within(paramsOf(query).size("a", 0, 1000), 0, 1000),
			"whole":   within(paramsOf(query).whole("a", 5, 5, 9), 5, 9),
			"seconds": within(paramsOf(query).seconds("a", 0, longest), 0, longest),
			"text":    len(paramsOf(query).text("a", "")) <= maxText && !strings.ContainsAny(paramsOf(query).text("a", ""), "\r\n\x00"),
		}
		for kind, ok := range bounded {
			if !ok {
				t.Errorf("%q as %s is out of its bounds", text, kind)
			}
		}
		for _, code := range paramsOf(query).codes("a") {
			if code < 200 || code > 599 {
				t.Errorf("%q gave status %d", text, code)
			}
		}
	})
}

func within[N int | int64 | time.Duration](n, least, most N) bool { return n >= least && n <= most }

// FuzzRequests asks for any path: the answer is one of net/http, and no panic
// but the one that closes a connection.
func FuzzRequests(f *testing.F) {
	for _, path := range Paths() {
		f.Add(path.Example)
	}
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || slow(u.Path) {
			t.Skip()
		}
		s := &Server{}
		s.counts.limit, s.deadlines.limit, s.windows.limit = 1, 1, 1
		s.routes()
		w := httptest.NewRecorder()
		w.Body = nil
		defer func() {
			if v := recover(); v != nil && v != any(http.ErrAbortHandler) {
				panic(v)
			}
		}()
		r := http.Request{Method: http.MethodHead, URL: u, Host: "a", Header: http.Header{}, Body: http.NoBody}
		s.serve(w, r.WithContext(t.Context()))
		if w.Code < 200 || w.Code > 599 || w.Code == http.StatusInternalServerError && !strings.HasPrefix(u.Path, "/status/") {
			t.Errorf("%s: %d", target, w.Code)
		}
	})
}

// slow paths take their time, or send a lot.
func slow(path string) bool {
	for _, begin := range []string{"/bytes", "/file", "/changing", "/noranges", "/nolength", "/drip", "/cut", "/stall", "/delay", "/bomb", "/sha256"} {
		if strings.Contains(path, begin) {
			return true
		}
	}
	return false
}
