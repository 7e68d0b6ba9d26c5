package database

import (
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// meter tells inserted rows from updated and replaced ones, which SQLite
// counts as one. It is told of each change, so it is used only where the
// policy needs it.
type meter struct {
	table             string // "": not in use
	inserted, updated int
	replacing         bool // the row that comes takes the place of one just deleted
}

type hooked interface {
	RegisterPreUpdateHook(sqlite.PreUpdateHookFn)
}

func (m *meter) install(k *link, p *plan) error {
	m.table = ""
	if p.policy != ReplaceRow && p.policy != Update {
		return nil
	}
	m.table = p.name
	return k.conn.Raw(func(c any) error {
		c.(hooked).RegisterPreUpdateHook(m.count)
		return nil
	})
}

// remove takes the hook away, which the driver would keep for ever.
func (m *meter) remove(k *link) {
	if m.table == "" {
		return
	}
	_ = k.conn.Raw(func(c any) error {
		c.(hooked).RegisterPreUpdateHook(nil)
		return nil
	})
}

func (m *meter) reset() { m.inserted, m.updated, m.replacing = 0, 0, false }

// count leaves out what triggers and foreign keys do.
func (m *meter) count(d sqlite.SQLitePreUpdateData) {
	if d.TableName != m.table || d.Depth() != 0 {
		return
	}
	switch {
	case d.Op == lib.SQLITE_DELETE:
		m.replacing = true
	case d.Op == lib.SQLITE_UPDATE, m.replacing:
		m.updated++
		m.replacing = false
	default:
		m.inserted++
	}
}
