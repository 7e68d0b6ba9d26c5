package practice

import (
	"strings"
	"testing"
)

func TestMemoryIsBounded(t *testing.T) {
	m := memory[int]{limit: 2}
	more := func(n int) int { return n + 1 }
	for _, key := range []string{"a", "b", "a"} {
		if _, err := m.change(key, more); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.change("c", more); err == nil || !strings.Contains(err.Error(), "no more than 2 keys") {
		t.Errorf("a third key: %v", err)
	}
	if n, err := m.change("a", more); n != 3 || err != nil {
		t.Errorf("a known key: %d, %v", n, err)
	}
	if m.look("c", func(int) { t.Error("there is something") }) {
		t.Error("the third key was kept")
	}
	m.reset()
	if n, err := m.change("c", more); n != 1 || err != nil {
		t.Errorf("after reset: %d, %v", n, err)
	}
}

func TestTooManyKeysAreAnsweredInWords(t *testing.T) {
	s := loopback(t)
	s.counts.limit, s.deadlines.limit, s.windows.limit = 1, 1, 1
	for _, path := range []string{"/flaky/0", "/retry-after/0", "/limited?rate=9"} {
		if got := s.get(t, path); got.status != 200 {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	for _, path := range []string{"/flaky/0?key=b", "/status/200", "/changing/1", "/retry-after/0?key=b", "/limited?key=b"} {
		if got := s.get(t, path); got.status != 507 || !strings.Contains(got.body, "no more than 1 keys") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}
