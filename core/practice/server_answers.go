package practice

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// largestBody is what /anything takes.
const largestBody = 1 << 20

// sendJSON answers with v. It is not indented: what a client sent may be nested
// so deeply that the indentation were thousands of times as long.
func sendJSON(w http.ResponseWriter, status int, v any) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	send(w, status, "application/json", out.Bytes())
}

func send(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // never HTML of a client's; an error is that it has gone
}

// echo tells a client what it sent, under the names that httpbin uses.
func (p *params) echo() map[string]any {
	origin, _, _ := strings.Cut(p.RemoteAddr, ":")
	return map[string]any{
		"method": p.Method, "url": "http://" + p.Host + p.URL.RequestURI(), "origin": origin,
		"args": plain(p.query), "headers": p.headers(),
	}
}

func (p *params) headers() map[string]string {
	headers := map[string]string{"Host": p.Host}
	for name, values := range p.Header {
		headers[name] = strings.Join(values, ", ")
	}
	return headers
}

// plain leaves a value that is alone out of its list.
func plain(values url.Values) map[string]any {
	all := map[string]any{}
	for name, list := range values {
		all[name] = list
		if len(list) == 1 {
			all[name] = list[0]
		}
	}
	return all
}

func (s *Server) echo(w http.ResponseWriter, p *params) {
	if p.Method != http.MethodGet && p.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, fmt.Errorf("%s: only GET does here; /anything takes every method", p.Method))
		return
	}
	sendJSON(w, http.StatusOK, p.echo())
}

// anything tells a client what it sent, with the body: as text, as a form and
// as JSON, where it is that.
func (s *Server) anything(w http.ResponseWriter, p *params) {
	body, err := io.ReadAll(http.MaxBytesReader(w, p.Body, largestBody))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, fmt.Errorf("read the body, at most %d bytes: %w", largestBody, err))
		return
	}
	echo := p.echo()
	echo["data"], echo["form"], echo["json"] = string(body), map[string]any{}, nil
	if !utf8.Valid(body) {
		echo["data"] = "data:application/octet-stream;base64," + base64.StdEncoding.EncodeToString(body)
	}
	if json.Valid(body) {
		echo["json"] = json.RawMessage(body)
	}
	if strings.HasPrefix(p.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil {
			echo["form"] = plain(form)
		}
	}
	sendJSON(w, http.StatusOK, echo)
}

func (s *Server) headers(w http.ResponseWriter, p *params) {
	sendJSON(w, http.StatusOK, map[string]any{"headers": p.headers()})
}

func (s *Server) cookies(w http.ResponseWriter, p *params) {
	cookies := map[string]string{}
	for _, c := range p.Cookies() {
		cookies[c.Name] = c.Value
	}
	sendJSON(w, http.StatusOK, map[string]any{"cookies": cookies})
}

func (s *Server) setCookies(w http.ResponseWriter, p *params) {
	for _, name := range slices.Sorted(maps.Keys(p.query)) {
		cookie := &http.Cookie{Name: name, Value: p.query.Get(name), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode} //nolint:gosec // not Secure: there is no TLS here
		if err := cookie.Valid(); err != nil {
			refuse(w, http.StatusBadRequest, fmt.Errorf("%s: cannot be a cookie: %w", name, err))
			return
		}
		http.SetCookie(w, cookie)
	}
	redirect(w, http.StatusFound, "/cookies")
}

// status answers with each of its codes in turn.
func (s *Server) status(w http.ResponseWriter, p *params) {
	codes := p.codes("codes")
	turn := s.turn(w, p)
	if turn == 0 {
		return
	}
	code := codes[(turn-1)%len(codes)]
	switch {
	case code == http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Basic realm="practice"`)
	case code >= 300 && code < 400 && code != http.StatusNotModified:
		w.Header().Set("Location", "/get")
	}
	if code == http.StatusNoContent || code == http.StatusNotModified {
		w.WriteHeader(code) // these have no body
		return
	}
	send(w, code, "text/plain; charset=utf-8", fmt.Appendf(nil, "%d %s\n", code, http.StatusText(code)))
}

func (s *Server) redirects(w http.ResponseWriter, p *params) {
	n := p.whole("n", 1, 1, 100)
	switch {
	case p.refused(w):
	case n == 1:
		redirect(w, http.StatusFound, "/get")
	default:
		redirect(w, http.StatusFound, fmt.Sprintf("/redirect/%d", n-1))
	}
}

func (s *Server) redirectTo(w http.ResponseWriter, p *params) {
	to, status := p.text("url", ""), p.choice("status", "302", "301", "303", "307", "308")
	if to == "" {
		p.mistake("url", "an address to be sent to")
	}
	if p.refused(w) {
		return
	}
	code, _ := strconv.Atoi(status)
	redirect(w, code, to)
}

func (s *Server) redirectLoop(w http.ResponseWriter, _ *params) {
	redirect(w, http.StatusFound, "/redirect-loop")
}

// redirect sends a client elsewhere, by an address that is left as it is.
func redirect(w http.ResponseWriter, status int, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
}

func (s *Server) basic(w http.ResponseWriter, p *params) {
	user, password, _ := p.BasicAuth()
	allowed := user == p.PathValue("user") && password == p.PathValue("pass")
	admit(w, allowed, `Basic realm="practice"`, "give the user name and the password of the address")
}

func (s *Server) bearer(w http.ResponseWriter, p *params) {
	allowed := p.Header.Get("Authorization") == "Bearer "+p.PathValue("token")
	admit(w, allowed, `Bearer realm="practice"`, "give the token of the address, as Authorization: Bearer TOKEN")
}

func admit(w http.ResponseWriter, allowed bool, challenge, how string) {
	if !allowed {
		w.Header().Set("WWW-Authenticate", challenge)
		refuse(w, http.StatusUnauthorized, errors.New(how))
		return
	}
	sendJSON(w, http.StatusOK, map[string]any{"authenticated": true})
}
