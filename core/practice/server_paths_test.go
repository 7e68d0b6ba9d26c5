package practice

import (
	"context"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestEveryExampleWorks(t *testing.T) {
	expected := map[string]int{ // the others answer 200
		"/status/500,503,200": 500, "/flaky/2?key=a": 503, "/retry-after/5?key=a": 429, "/redirect/3": 302,
		"/redirect-to?url=/get&status=307": 307, "/redirect-loop": 302, "/cookies/set?taste=sweet": 302,
		"/auth/basic/ada/secret": 401, "/auth/bearer/abc": 401,
	}
	for _, path := range Paths() {
		if path.Example == "/bomb?size=1GB" {
			continue // has its own test: this much takes seconds
		}
		virtual(t, func(t *testing.T, c *client) {
			c.get(t, "/limited") // for its report
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			want := expected[path.Example]
			if want == 0 {
				want = 200
			}
			got, err := c.try(ctx, http.MethodGet, path.Example, "")
			if err != nil || got.status != want {
				t.Errorf("%s: %d %s%v, want %d", path.Example, got.status, got.body, err, want)
			}
		})
	}
}

func TestPathsAreTold(t *testing.T) {
	s := loopback(t)
	page := s.get(t, "/")
	if page.status != 200 || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
		t.Fatalf("the index: %d %v", page.status, page.header)
	}
	seen := map[string]bool{}
	for _, p := range Paths() {
		for what, text := range map[string]string{"pattern": p.Pattern, "about": p.About, "example": p.Example} {
			if text == "" || !strings.Contains(html.UnescapeString(page.body), text) {
				t.Errorf("%s: its %s %q is not on the page", p.Pattern, what, text)
			}
		}
		begin, _, _ := strings.Cut(p.Pattern, "{")
		begin, _, _ = strings.Cut(begin, "?")
		if !strings.HasPrefix(p.Example, begin) || seen[begin+p.About] {
			t.Errorf("%s: the example %s is of another path, or it is there twice", p.Pattern, p.Example)
		}
		seen[begin+p.About] = true
	}
}

func TestThePageHasLinks(t *testing.T) {
	s := loopback(t)
	if got := s.get(t, "/html"); strings.Count(got.body, "<a href=") != 3 || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Errorf("%v %s", got.header, got.body)
	}
}
