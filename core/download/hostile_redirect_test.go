package download_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"manyhands/core/download"
	"manyhands/core/download/internal/hostile"
)

func redirect(code, to string) hostile.Answer {
	return hostile.Text(code, "moved", "Location: "+to)
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, content, 0o600); err != nil {
		t.Fatal(err)
	}
	to := func(address string) hostile.Script { return say(redirect("302 Found", address)) }
	for _, test := range []struct {
		name   string
		answer hostile.Script
		words  []string
	}{
		{"to itself", to("/file.bin"), []string{"redirects"}},
		{"in a circle", func(c *hostile.Conn, r *hostile.Request) {
			c.Send(redirect("301 Moved", map[string]string{"/file.bin": "/a", "/a": "/b", "/b": "/a"}[r.URL.Path]))
		}, []string{"redirects"}},
		{"for ever", func(c *hostile.Conn, r *hostile.Request) { c.Send(redirect("307 Temporary", r.URL.Path+"x")) }, []string{"more than 10 redirects"}},
		{"to a file", to("file://" + secret), []string{"only http and https"}},
		{"to a file of no host", to("file:" + secret), []string{"only http and https"}},
		{"to ftp", to("ftp://127.0.0.1/file"), []string{"only http and https"}},
		{"to a script", to("javascript:alert(1)"), []string{"only http and https"}},
		{"to data", to("data:text/plain,hello"), []string{"only http and https"}},
		{"to gopher", to("gopher://127.0.0.1:70/1"), []string{"only http and https"}},
		{"to nonsense", to("http://[::1"), []string{"redirects to an address that is wrong"}},
		{"to a port that is none", to("http://127.0.0.1:99999999/"), nil},
		{"to control characters", to("http://127.0.0.1/\x01\x7f"), nil},
		{"to no host", to("http:///x"), nil},
		{"nowhere", say(hostile.Text("302 Found", "")), []string{"302", "where"}},
		{"nowhere, by an empty address", to(""), []string{"302", "where"}},
		{"a choice", say(hostile.Text("300 Multiple Choices", "choose")), []string{"300"}},
		{"not modified", say(hostile.Answer{Status: "304 Not Modified"}), []string{"304"}},
		{"306", say(hostile.Text("306 Unused", "")), []string{"306"}},
		{"to a page that is missing", func(c *hostile.Conn, r *hostile.Request) {
			if r.URL.Path == "/file.bin" {
				c.Send(redirect("302 Found", "/gone"))
				return
			}
			c.Send(hostile.Text("404 Not Found", "gone"))
		}, []string{"404"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, test.answer, retries(2))
			a.expect(t, nil, test.words...)
			if n := len(a.server.Requests()); n > 11 {
				t.Errorf("%d requests for what cannot work", n)
			}
		})
	}
}

func TestRedirectsThatAreFollowed(t *testing.T) {
	t.Parallel()
	for name, location := range map[string]func(host string) string{
		"relative":                 func(string) string { return "sub/../right" },
		"absolute":                 func(host string) string { return "http://" + host + "/right" },
		"without a scheme":         func(host string) string { return "//" + host + "/right" },
		"with a name and password": func(host string) string { return "http://eve:secret@" + host + "/right" },
		"with a fragment":          func(string) string { return "/right#part" },
		"with dots":                func(string) string { return "/../../../right" },
		"with spaces":              func(string) string { return "/right?a b" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
				if r.URL.Path == "/file.bin" {
					c.Send(redirect("302 Found", location(r.Host)))
					return
				}
				c.Send(honest.Answer(r))
			}, nil)
			a.expect(t, content)
			if strings.Contains(a.Final, "secret") {
				t.Errorf("the password is shown: %s", a.Final)
			}
		})
	}
}

// Ten are followed, eleven are not.
func TestTenRedirectsAreFollowed(t *testing.T) {
	t.Parallel()
	for hops, want := range map[int][]byte{10: content, 11: nil} {
		attack(t, func(c *hostile.Conn, r *hostile.Request) {
			n, _ := strconv.Atoi(strings.Trim(r.URL.Path, "/"))
			if r.URL.Path == "/file.bin" {
				n = 0
			}
			if n < hops {
				c.Send(redirect("302 Found", fmt.Sprintf("/%d", n+1)))
				return
			}
			c.Send(honest.Answer(r))
		}, nil).expect(t, want)
	}
}

// A redirect that changes between two tries leads to another file, which must
// not be spliced to the first.
func TestARedirectThatChangesDoesNotMixFiles(t *testing.T) {
	t.Parallel()
	other := hostile.File{Content: changed, ETag: `"other"`}
	a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
		switch r.URL.Path {
		case "/file.bin":
			c.Send(redirect("302 Found", fmt.Sprintf("/%d", r.N)))
		case "/1":
			c.Cut(honest.Answer(r), cutAt)
		default:
			c.Send(other.Answer(r))
		}
	}, retries(2))
	a.expect(t, changed)
}

func TestSecretsAreNotSentToAnotherServer(t *testing.T) {
	t.Parallel()
	other := hostile.Serve(t, serve(honest))
	there := strings.Replace(other.URL, "127.0.0.1", "localhost", 1) // cookies are of a host, whatever the port
	for _, code := range []string{"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"} {
		a := attack(t, func(c *hostile.Conn, r *hostile.Request) {
			if r.URL.Path == "/file.bin" {
				c.Send(redirect(code, "/here").With("Set-Cookie: mine=geheim"))
				return
			}
			c.Send(redirect(code, there+"/there"))
		}, func(c *download.Config) {
			c.Header = []string{"Authorization: Bearer geheim", "Cookie: a=geheim", "X-Api-Key: geheim", "X-Auth-Token: geheim", "Accept: image/*"}
			c.URLs[0] = strings.Replace(c.URLs[0], "http://", "http://ada:geheim@", 1)
		})
		a.expect(t, content)
		here := a.server.Of("/here")[0].Header
		if here.Get("X-Api-Key") == "" || here.Get("Authorization") == "" || !strings.Contains(here.Get("Cookie"), "a=geheim") {
			t.Errorf("the same server does not get what is for it: %v", here)
		}
		requests := other.Requests()
		sent := requests[len(requests)-1].Header
		for name, values := range sent {
			if text := strings.Join(values, " "); strings.Contains(text, "geheim") || strings.Contains(text, "YWRhOmdlaGVpbQ") {
				t.Errorf("%s: the other server gets %s: %s", code, name, text)
			}
		}
		if sent.Get("Accept") != "image/*" {
			t.Errorf("what is no secret was dropped: %v", sent)
		}
		if strings.Contains(a.row.Item+a.Final+a.Note, "geheim") {
			t.Errorf("the password is shown: %s %s", a.row.Item, a.Final)
		}
	}
}

func TestARedirectFromTLSToNone(t *testing.T) {
	t.Parallel()
	plain := hostile.Serve(t, serve(honest))
	now := time.Now()
	secure := hostile.ServeTLS(t, hostile.Certificate(t, now.Add(-time.Hour), now.Add(time.Hour)), say(redirect("302 Found", plain.URL+"/file.bin")))
	c := settings(t, secure.URL+"/file.bin")
	c.Insecure, c.Header = true, []string{"Authorization: Bearer geheim", "X-Api-Key: geheim"}
	o := run(t, c)
	o.whole(t, content)
	for _, r := range plain.Requests() {
		if strings.Contains(fmt.Sprint(r.Header), "geheim") {
			t.Errorf("secrets went out in the clear: %v", r.Header)
		}
		if r.Header.Get("Referer") != "" {
			t.Errorf("the address is told in the clear: %v", r.Header)
		}
	}
}

// Behind a proxy names decide what is public, so that a server on loopback can
// be the internet.
func TestThePublicCannotSendIntoThisNetwork(t *testing.T) {
	t.Parallel()
	inside := hostile.Serve(t, serve(honest))
	for name, test := range map[string]struct {
		to   string
		want []byte
	}{
		"to another public host": {"http://b.example/", content},
		"to this computer":       {inside.URL + "/file.bin", nil},
		"to it by its name":      {"http://localhost/", nil},
		"to a private network":   {"http://192.168.1.1/admin", nil},
		"to the cloud's secrets": {"http://169.254.169.254/latest/meta-data/", nil},
		"to IPv6":                {"http://[::1]/", nil},
		"to an IPv4 in IPv6":     {"http://[::ffff:127.0.0.1]/", nil},
		"to nothing":             {"http://0.0.0.0/", nil},
		"to a name without dots": {"http://router/", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := hostile.Serve(t, func(c *hostile.Conn, r *hostile.Request) {
				if r.URL.String() == "http://a.example/file.bin" {
					c.Send(redirect("302 Found", test.to))
					return
				}
				c.Send(honest.Answer(r))
			})
			c := settings(t, "http://a.example/file.bin")
			c.Proxy = proxy.URL
			o := run(t, c)
			o.whole(t, content)
			if test.want != nil {
				o.expect(t, 1, 0, 0)
				return
			}
			o.expect(t, 0, 1, 0)
			expectText(t, "the error", o.rows[0].Err.Error(), "private network")
			if n := len(proxy.Requests()) + len(inside.Requests()); n != 1 {
				t.Errorf("%d requests, want one", n)
			}
		})
	}
}
