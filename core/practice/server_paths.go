package practice

import (
	"html/template"
	"net/http"
	"strings"
)

// Path is one thing that the server offers.
type Path struct {
	Pattern string `json:"pattern"` // "/bytes/{n}?seed=": the query is optional
	About   string `json:"about"`
	Example string `json:"example"` // "/bytes/1000"
}

// Paths lists what the server offers.
func Paths() []Path {
	paths := make([]Path, len(routes))
	for i, r := range routes {
		paths[i] = r.Path
	}
	return paths
}

type route struct {
	Path
	action action
}

// action answers a request.
type action func(*Server, http.ResponseWriter, *params)

func (r route) path() string {
	path, _, _ := strings.Cut(r.Pattern, "?")
	return path
}

// routes is all that the server offers. The names are those of httpbin where
// it has the same.
var routes = []route{
	{Path{"/bytes/{n}?seed=", "n bytes, the same each time; ranges, ETag, Last-Modified", "/bytes/10MB"}, (*Server).bytes},
	{Path{"/file/{name}?size=&seed=&disposition=", "a file with its name in Content-Disposition, or any such header", "/file/report.pdf?size=1MB"}, (*Server).named},
	{Path{"/sha256/{name}?size=&seed=", "the line that sha256sum writes of that file", "/sha256/report.pdf?size=1MB"}, (*Server).sum},
	{Path{"/changing/{n}?at=&key=", "a file that changes after each GET without Range, which is cut at byte at", "/changing/1MB?at=500kB"}, (*Server).changing},
	{Path{"/noranges/{n}?at=&seed=", "ignores Range; a GET without Range is cut at byte at", "/noranges/1MB"}, (*Server).noRanges},
	{Path{"/nolength/{n}?seed=", "sends no Content-Length", "/nolength/1MB"}, (*Server).noLength},
	{Path{"/drip/{n}?duration=&delay=", "n bytes spread over some seconds", "/drip/1MB?duration=5"}, (*Server).drip},
	{Path{"/cut/{n}?at=&seed=", "closes the connection after each at bytes; ranges", "/cut/1MB?at=400kB"}, (*Server).cut},
	{Path{"/stall/{n}?at=&seed=", "stops sending after each at bytes, and closes nothing; ranges", "/stall/1MB?at=400kB"}, (*Server).stall},
	{Path{"/delay/{seconds}", "answers after some seconds, at most 60", "/delay/2"}, (*Server).delay},
	{Path{"/status/{codes}?key=", "answers with a status, or with several in turn", "/status/500,503,200"}, (*Server).status},
	{Path{"/flaky/{n}?mode=&key=", "fails n times, by 503 or mode=close, then works", "/flaky/2?key=a"}, (*Server).flaky},
	{Path{"/retry-after/{seconds}?status=&date=&key=", "refuses for some seconds, by 429 or 503, and says how long; date=1 says until when", "/retry-after/5?key=a"}, (*Server).retryAfter},
	{Path{"/limited?rate=&per=&key=", "refuses by 429 when more than rate requests came in per", "/limited?rate=5&per=1s"}, (*Server).limited},
	{Path{"/limited/report?key=", "the most requests that came in any per", "/limited/report"}, (*Server).limitedReport},
	{Path{"/records?page=&size=&total=", "pages of JSON records, with the address of the next", "/records?page=1&size=10&total=95"}, (*Server).records},
	{Path{"/record/{id}", "one JSON record", "/record/7"}, (*Server).record},
	{Path{"/get", "what was sent, as JSON", "/get?a=1"}, (*Server).echo},
	{Path{"/anything", "what was sent by any method, with the body", "/anything?a=1"}, (*Server).anything},
	{Path{"/headers", "the headers that were sent", "/headers"}, (*Server).headers},
	{Path{"/cookies", "the cookies that were sent", "/cookies"}, (*Server).cookies},
	{Path{"/cookies/set?name=value", "sets cookies, and sends on to /cookies", "/cookies/set?taste=sweet"}, (*Server).setCookies},
	{Path{"/auth/basic/{user}/{pass}", "asks for that user and password", "/auth/basic/ada/secret"}, (*Server).basic},
	{Path{"/auth/bearer/{token}", "asks for that token", "/auth/bearer/abc"}, (*Server).bearer},
	{Path{"/redirect/{n}", "n redirects, then /get", "/redirect/3"}, (*Server).redirects},
	{Path{"/redirect-to?url=&status=", "a redirect to any address", "/redirect-to?url=/get&status=307"}, (*Server).redirectTo},
	{Path{"/redirect-loop", "a redirect to itself", "/redirect-loop"}, (*Server).redirectLoop},
	{Path{"/etag/{tag}", "a text with that ETag; 304, 412", "/etag/abc"}, (*Server).etag},
	{Path{"/cache", "304 for any If-None-Match or If-Modified-Since", "/cache"}, (*Server).cache},
	{Path{"/gzip", "JSON packed by gzip", "/gzip"}, (*Server).gzip},
	{Path{"/bomb?size=", "a little that unpacks to a lot", "/bomb?size=1GB"}, (*Server).bomb},
	{Path{"/html", "a page with links", "/html"}, (*Server).html},
	{Path{"/text/{charset}", "a text in that charset", "/text/shift_jis"}, (*Server).text},
	{Path{"/malformed-json", "JSON that is broken", "/malformed-json"}, (*Server).malformed},
	{Path{"/robots.txt", "keeps robots out of /private", "/robots.txt"}, (*Server).robots},
	{Path{"/private", "what robots.txt keeps robots out of", "/private"}, (*Server).private},
}

var indexPage = template.Must(template.New("index").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Practice server</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 70em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse }
td { padding: .3em 1em .3em 0; border-bottom: 1px solid #8884; vertical-align: top }
</style></head><body>
<h1>Practice server</h1>
<p>Addresses to try downloads and web APIs on. Sizes may be 1000, 10MB or 1GiB, times 1.5 or 1500ms. What is counted is
counted by ?key=.</p>
<table>
{{range .}}<tr><td><code>{{.Pattern}}</code></td><td>{{.About}}</td><td><a href="{{.Example}}">{{.Example}}</a></td></tr>
{{end}}</table></body></html>
`))

func index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = indexPage.Execute(w, Paths()) // an error is that the client has gone
}

func (s *Server) html(w http.ResponseWriter, _ *params) {
	send(w, http.StatusOK, "text/html; charset=utf-8", []byte(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body>
<h1>A page</h1>
<p>With <a href="/record/1">one</a>, <a href="record/2">two</a> and <a href="/private">three</a> links.</p>
</body></html>
`))
}
