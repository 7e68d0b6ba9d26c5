package practice

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// object is the JSON of an answer.
func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil || r.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%s is no JSON, or not said to be: %v", r.body, err)
	}
	return v
}

func TestGetTellsWhatWasSent(t *testing.T) {
	s := loopback(t)
	got := s.get(t, "/get?a=1&b=2&b=3&c=", "X-Mine: one").object(t)
	headers, _ := got["headers"].(map[string]any)
	if headers["X-Mine"] != "one" || "http://"+headers["Host"].(string) != s.URL() {
		t.Errorf("headers: %v", headers)
	}
	delete(got, "headers")
	want := map[string]any{
		"method": "GET", "origin": "127.0.0.1", "url": s.URL() + "/get?a=1&b=2&b=3&c=",
		"args": map[string]any{"a": "1", "b": []any{"2", "3"}, "c": ""},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnythingTellsTheBody(t *testing.T) {
	s := loopback(t)
	const form = "Content-Type: application/x-www-form-urlencoded"
	for name, c := range map[string]struct {
		body, header string
		data         string
		json, form   any
	}{
		"nothing":  {"", "", "", nil, map[string]any{}},
		"text":     {"Grüße", "", "Grüße", nil, map[string]any{}},
		"JSON":     {`{"a": [1]}`, "", `{"a": [1]}`, map[string]any{"a": []any{1.}}, map[string]any{}},
		"a form":   {"a=1&b=%20", form, "a=1&b=%20", nil, map[string]any{"a": "1", "b": " "}},
		"no form":  {"a=%zz", form, "a=%zz", nil, map[string]any{}},
		"no text":  {"\xff\x00", "", "data:application/octet-stream;base64,/wA=", nil, map[string]any{}},
		"nonsense": {"{", "", "{", nil, map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.send(t, "PATCH", "/anything", c.body, c.header).object(t)
			if got["method"] != "PATCH" || got["data"] != c.data || !reflect.DeepEqual(got["json"], c.json) || !reflect.DeepEqual(got["form"], c.form) {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestAnythingTakesNoEndlessBody(t *testing.T) {
	s := loopback(t)
	if got := s.send(t, "POST", "/anything", strings.Repeat("a", largestBody)); got.status != 200 {
		t.Errorf("the largest body: %d", got.status)
	}
	if got := s.send(t, "POST", "/anything", strings.Repeat("a", largestBody+1)); got.status != 413 {
		t.Errorf("a larger body: %d", got.status)
	}
	deep := strings.Repeat("[", 9000) + strings.Repeat("1,", 100_000) + "1" + strings.Repeat("]", 9000)
	if got := s.send(t, "POST", "/anything", deep); got.status != 200 || len(got.body) > 3*len(deep) {
		t.Errorf("%d bytes, deep: %d with %d bytes", len(deep), got.status, len(got.body))
	}
}

// TestAnswers has what one request is enough for: status, some headers, the
// beginning of the body.
func TestAnswers(t *testing.T) {
	s := loopback(t)
	for _, c := range []struct {
		method, path, sent string
		status             int
		headers            []string
		body               string
	}{
		{"POST", "/get", "", 405, []string{"Allow: GET, HEAD"}, "POST: only GET does here"},
		{"GET", "/headers", "X-A: b", 200, nil, `{"headers":{`},
		{"GET", "/cookies", "Cookie: a=1; b=2", 200, nil, `{"cookies":{"a":"1","b":"2"}}`},
		{"GET", "/cookies/set?a=1", "", 302, []string{"Location: /cookies", "Set-Cookie: a=1; Path=/; HttpOnly; SameSite=Lax"}, ""},
		{"GET", "/cookies/set?a%20b=1", "", 400, nil, "a b: cannot be a cookie"},
		{"GET", "/status/418", "", 418, nil, "418 I'm a teapot"},
		{"GET", "/status/204", "", 204, nil, ""},
		{"GET", "/status/304", "", 304, nil, ""},
		{"GET", "/status/301", "", 301, []string{"Location: /get"}, "301 Moved"},
		{"DELETE", "/status/401", "", 401, []string{`WWW-Authenticate: Basic realm="practice"`}, "401 Unauthorized"},
		{"GET", "/redirect/3", "", 302, []string{"Location: /redirect/2"}, ""},
		{"GET", "/redirect/1", "", 302, []string{"Location: /get"}, ""},
		{"GET", "/redirect-loop", "", 302, []string{"Location: /redirect-loop"}, ""},
		{"GET", "/redirect-to?url=http://a/../b%3Fc&status=308", "", 308, []string{"Location: http://a/../b?c"}, ""},
		{"GET", "/redirect-to?url=ftp://a", "", 302, []string{"Location: ftp://a"}, ""},
		{"GET", "/auth/basic/ada/secret", "", 401, []string{`WWW-Authenticate: Basic realm="practice"`}, "give the user name"},
		{"GET", "/auth/basic/ada/secret", "Authorization: Basic YWRhOnNlY3JldA==", 200, nil, `{"authenticated":true}`},
		{"GET", "/auth/basic/ada/other", "Authorization: Basic YWRhOnNlY3JldA==", 401, nil, "give"},
		{"GET", "/auth/bearer/abc", "", 401, []string{`WWW-Authenticate: Bearer realm="practice"`}, "give the token"},
		{"GET", "/auth/bearer/abc", "Authorization: Bearer abc", 200, nil, `{"authenticated":true}`},
		{"GET", "/auth/bearer/abc", "Authorization: Bearer abcd", 401, nil, "give"},
		{"GET", "/robots.txt", "", 200, nil, "User-agent: *\nDisallow: /private\n"},
		{"GET", "/private", "", 200, nil, "robots.txt asks"},
		{"GET", "/nowhere/%3Cb%3E", "", 404, nil, "nothing is at /nowhere/%3Cb%3E here; the page / lists"},
		{"GET", "/bytes/", "", 404, nil, "nothing is at"},
	} {
		got := s.send(t, c.method, c.path, "", c.sent)
		if got.status != c.status || got.err != nil || !strings.HasPrefix(got.body, c.body) {
			t.Errorf("%s %s: %d %s%v", c.method, c.path, got.status, got.body, got.err)
		}
		for _, h := range c.headers {
			if name, value, _ := strings.Cut(h, ": "); got.header.Get(name) != value {
				t.Errorf("%s %s: %s: %q, want %q", c.method, c.path, name, got.header.Get(name), value)
			}
		}
	}
}

func TestStatusesComeInTurn(t *testing.T) {
	s := loopback(t)
	for i, want := range []int{500, 503, 200, 500} {
		if got := s.get(t, "/status/500,503,200").status; got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	if got := s.get(t, "/status/500,503,200?key=b").status; got != 500 {
		t.Errorf("another key goes on with %d", got)
	}
}

func TestRedirectsComeToAnEnd(t *testing.T) {
	s := loopback(t)
	path, hops := "/redirect/100", 0
	for {
		got := s.get(t, path)
		if got.status == 200 {
			break
		}
		path = got.header.Get("Location")
		hops++
	}
	if path != "/get" || hops != 100 {
		t.Errorf("%d redirects to %s", hops, path)
	}
}
