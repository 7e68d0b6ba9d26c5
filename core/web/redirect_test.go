package web

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestSecretsStayWithTheirServer(t *testing.T) {
	secrets := []string{"Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization", "My-Token", "Ocp-Subscription-Key", "Token", "Client-Secret"}
	for _, test := range []struct {
		name string
		path []string // of redirects
		kept bool
	}{
		{"same host", []string{"http://a.example/", "http://a.example/2"}, true},
		{"the same port, said", []string{"http://a.example/", "http://a.example:80/2"}, true},
		{"up to https", []string{"http://a.example/", "https://a.example/2"}, true},
		{"down to http", []string{"https://a.example/", "http://a.example/2"}, false},
		{"another port", []string{"http://a.example/", "http://a.example:8080/2"}, false},
		{"a part of the host", []string{"http://a.example/", "http://sub.a.example/2"}, false},
		{"another host", []string{"http://a.example/", "http://b.example/"}, false},
		{"another host and back", []string{"http://a.example/", "http://b.example/", "http://a.example/2"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var last http.Header
			at := 0
			n := &internet{answer: func(req *http.Request) answer {
				last = req.Header
				at++
				if at == len(test.path) {
					return status(200)
				}
				return status(307, "Location", test.path[at])
			}}
			c := n.in(t, Options{PublicToPrivate: true})
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, test.path[0], nil)
			for _, name := range append(secrets, "Accept", "Idempotency-Key") {
				req.Header.Set(name, "x")
			}
			resp, err := c.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			for _, name := range secrets {
				if kept := last.Get(name) != ""; kept != test.kept {
					t.Errorf("%s: sent on is %v, want %v", name, kept, test.kept)
				}
			}
			if last.Get("Accept") == "" || last.Get("Idempotency-Key") == "" {
				t.Error("what is no secret was dropped")
			}
			if !test.kept && last.Get("Referer") != "" {
				t.Error("the other server is told where from")
			}
		})
	}
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	jar, _ := cookiejar.New(nil)
	for _, test := range []struct {
		name    string
		options Options
		answer  func(*http.Request) string // the next address
		says    string
		sends   int
	}{
		{"too many", Options{}, func(r *http.Request) string { return r.URL.Path + "x" }, "more than 10 redirects", 11},
		{"fewer allowed", Options{Redirects: 2}, func(r *http.Request) string { return r.URL.Path + "x" }, "more than 2 redirects", 3},
		{"to itself", Options{}, func(*http.Request) string { return "/" }, "in a circle: http://a.example/ → http://a.example/", 1},
		{"a circle", Options{}, func(r *http.Request) string {
			return map[string]string{"/": "/1", "/1": "/2", "/2": "/1"}[r.URL.Path]
		}, "in a circle: http://a.example/1 → http://a.example/2 → http://a.example/1", 3},
		{"a circle with cookies", Options{Jar: jar}, func(*http.Request) string { return "/" }, "more than 10 redirects", 11},
		{"to a file", Options{}, func(*http.Request) string { return "file:///etc/passwd" }, "only http and https", 1},
		{"to ftp", Options{}, func(*http.Request) string { return "ftp://a.example/" }, "only http and https", 1},
		{"to nonsense", Options{}, func(*http.Request) string { return "http://[" }, "redirects to an address that is wrong", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := &internet{answer: func(r *http.Request) answer { return status(302, "Location", test.answer(r)) }}
			c := n.in(t, test.options)
			_, err := visit(t.Context(), c, "http://a.example/")
			if err == nil || !strings.Contains(Explain(err).Error(), test.says) || Temporary(err) {
				t.Errorf("%v, want %q", err, test.says)
			}
			if got := len(n.all()); got != test.sends {
				t.Errorf("%d requests, want %d", got, test.sends)
			}
		})
	}
}

func TestRedirectsCanBeTheAnswer(t *testing.T) {
	n := &internet{answer: func(*http.Request) answer { return status(302, "Location", "/2") }}
	if code, err := visit(t.Context(), n.in(t, Options{Redirects: -1}), "http://a.example/"); code != 302 || err != nil {
		t.Error(code, err)
	}
}

func TestPostBecomesGetAsInBrowsers(t *testing.T) {
	for code, want := range map[int]string{301: "GET", 302: "GET", 303: "GET", 307: "POST", 308: "POST"} {
		var last *http.Request
		n := &internet{answer: func(r *http.Request) answer {
			if last = r; r.URL.Path == "/" {
				return status(code, "Location", "/2")
			}
			return status(200)
		}}
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://a.example/", strings.NewReader("{}"))
		req.Header.Set("Content-Type", "application/json")
		resp, err := n.in(t, Options{}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if last.Method != want || (last.Header.Get("Content-Type") != "") != (want == "POST") || (last.Body != nil) != (want == "POST") {
			t.Errorf("%d: %s with %v", code, last.Method, last.Header)
		}
	}
}

// split makes 127.0.0.2 and the likes of it the internet.
func split(c *Client) {
	inside := netip.MustParseAddr("127.0.0.1")
	c.private = func(ip netip.Addr) bool { return ip.Unmap() == inside }
}

func TestThePublicCannotSendIntoPrivateNetworks(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusFound)
		}
	}))
	defer inside.Close()
	outside := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	}))
	outside.Listener = listen(t, "127.0.0.2:0")
	outside.Start()
	defer outside.Close()
	at := func(server *httptest.Server, to string) string { return server.URL + "/?to=" + url.QueryEscape(to) }

	for _, test := range []struct {
		name, address string
		allow, refuse bool
	}{
		{"private by itself", inside.URL, false, false},
		{"private to private", at(inside, inside.URL), false, false},
		{"public to private", at(outside, inside.URL), false, true},
		{"public to private, allowed", at(outside, inside.URL), true, false},
		{"public to a name of it", at(outside, strings.Replace(inside.URL, "127.0.0.1", "localhost", 1)), false, true},
		{"private to public to private", at(inside, at(outside, inside.URL)), false, true},
		{"public to public to private", at(outside, at(outside, inside.URL)), false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := client(t, Options{PublicToPrivate: test.allow})
			split(c)
			if _, err := visit(t.Context(), c, inside.URL); err != nil { // a connection that is kept
				t.Fatal(err)
			}
			_, err := visit(t.Context(), c, test.address)
			if refused := err != nil; refused != test.refuse {
				t.Fatalf("%v, want refused to be %v", err, test.refuse)
			}
			if err != nil && (!strings.Contains(Explain(err).Error(), "into a private network") || Temporary(err)) {
				t.Errorf("it says %v", Explain(err))
			}
		})
	}
}

func TestBehindAProxyTheNameDecides(t *testing.T) {
	for to, refuse := range map[string]bool{
		"http://b.example/": false, "http://8.8.8.8/": false,
		"http://10.0.0.1/": true, "http://localhost/": true, "http://nas/": true, "http://x.local./": true, "http://[::1]/": true,
	} {
		n := &internet{answer: func(r *http.Request) answer {
			if r.URL.String() == to {
				return status(200)
			}
			return status(302, "Location", to)
		}}
		c := n.in(t, Options{})
		c.proxy, _ = chooseProxy("http://127.0.0.1:3128")
		if _, err := visit(t.Context(), c, "http://a.example/"); (err != nil) != refuse {
			t.Errorf("%s: %v, want refused to be %v", to, err, refuse)
		}
	}
}

func TestPrivateAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"127.0.0.1": true, "127.255.255.254": true, "10.1.2.3": true, "172.16.0.1": true, "192.168.1.1": true,
		"169.254.169.254": true, "100.64.0.1": true, "0.0.0.0": true, "0.1.2.3": true, "224.0.0.1": true,
		"255.255.255.255": true, "198.18.0.1": true, "192.0.0.8": true, "240.0.0.1": true,
		"::1": true, "::": true, "fe80::1%eth0": true, "fc00::1": true, "fd12::1": true, "ff02::1": true,
		"::ffff:127.0.0.1": true, "64:ff9b::7f00:1": true, "64:ff9b:1::1": true, "2002:7f00:1::": true,
		"8.8.8.8": false, "172.32.0.1": false, "100.128.0.1": false, "2606:4700::1": false,
		"::ffff:8.8.8.8": false, "64:ff9b::808:808": false, "2002:808:808::1": false,
	} {
		if got := private(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
