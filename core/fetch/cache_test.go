package fetch_test

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestWhatDidNotChangeComesFromTheCache(t *testing.T) {
	var full, asked atomic.Int64
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("If-None-Match") == `"v1"` {
			asked.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full.Add(1)
		_, _ = io.WriteString(w, `{"id": 7}`)
	})
	c := settings(t, address)
	c.Cache, c.Extract = filepath.Join(t.TempDir(), "cache"), []string{"id"}
	one(t, c)
	row, r := one(t, c)
	if full.Load() != 1 || asked.Load() != 1 || r.Status != 304 || r.Size != 9 || r.Type != "application/json" || r.ExtraValue(0) != 7.0 {
		t.Errorf("%d and %d requests, %+v", full.Load(), asked.Load(), r)
	}
	expectText(t, "note", r.Note, "from the cache")
	expectText(t, "details", c.Details(row)[0].Text, `"id": 7`)
	c.Header = []string{"Accept: text/html"}
	one(t, c)
	if full.Load() != 2 {
		t.Error("another header gets the same answer")
	}
}

func TestCachesFollowTheirRules(t *testing.T) {
	var full, asked atomic.Int64
	headers := http.Header{}
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name := range headers {
			w.Header().Set(name, headers.Get(name))
		}
		if r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "" {
			asked.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full.Add(1)
		_, _ = io.WriteString(w, "content")
	})
	const date = "Mon, 04 May 2026 03:02:01 GMT"
	for name, test := range map[string]struct {
		headers map[string]string
		method  string
		own     string // header of the person
		again   bool   // it is sent again in full
		note    string
	}{
		"modified":          {map[string]string{"Last-Modified": date}, "GET", "", false, "not changed, from the cache"},
		"both":              {map[string]string{"Last-Modified": date, "ETag": `W/"1"`}, "GET", "", false, "not changed, from the cache"},
		"nothing to go by":  {nil, "GET", "", true, ""},
		"not to be stored":  {map[string]string{"ETag": `"1"`, "Cache-Control": "private, No-Store"}, "GET", "", true, ""},
		"POST":              {map[string]string{"ETag": `"1"`}, "POST", "", true, ""},
		"asked by a person": {map[string]string{"ETag": `"1"`}, "GET", `If-None-Match: "1"`, false, "not changed"},
	} {
		t.Run(name, func(t *testing.T) {
			headers = http.Header{}
			for key, value := range test.headers {
				headers.Set(key, value)
			}
			c := settings(t, address)
			c.Cache, c.Method, c.Header = filepath.Join(t.TempDir(), "c"), test.method, []string{test.own}
			one(t, c)
			full.Store(0)
			asked.Store(0)
			row, r := one(t, c)
			if (full.Load() == 1) != test.again || (asked.Load() == 1) == test.again || r.Note != test.note || row.Err != nil {
				t.Errorf("%d in full, %d asked, %+v, %v", full.Load(), asked.Load(), r, row.Err)
			}
			if strings.HasSuffix(test.note, "cache") != (r.Size == 7 && r.Status == 304) {
				t.Errorf("%+v", r)
			}
		})
	}
}
