package practice

import (
	"fmt"
	"net/http"
	"sync"
)

// memory keeps one value per key, for a limited number of keys.
type memory[V any] struct {
	limit int
	mu    sync.Mutex
	kept  map[string]V
}

// change replaces the value of key by what to makes of it, and returns that.
// A key that is new has the zero value.
func (m *memory[V]) change(key string, to func(V) V) (V, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, known := m.kept[key]
	if !known && len(m.kept) >= m.limit {
		return value, fmt.Errorf("the practice server remembers no more than %d keys: use fewer, or start it anew", m.limit)
	}
	if m.kept == nil {
		m.kept = map[string]V{}
	}
	value = to(value)
	m.kept[key] = value
	return value, nil
}

// look shows the value of key, if there is one.
func (m *memory[V]) look(key string, at func(V)) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, known := m.kept[key]
	if known {
		at(value)
	}
	return known
}

func (m *memory[V]) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = nil
}

// turn counts the requests with the same path and ?key=: 1 is the first. If
// something was wrong with this one, that is the answer, and turn is 0.
func (s *Server) turn(w http.ResponseWriter, p *params) int {
	key := p.memoryKey()
	if p.refused(w) {
		return 0
	}
	n, err := s.counts.change(key, func(n int) int { return n + 1 })
	if err != nil {
		refuse(w, http.StatusInsufficientStorage, err)
	}
	return n
}
