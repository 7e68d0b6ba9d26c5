package database

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
)

// engine is SQLite with the module behind temp.feed, for this package alone.
var engine = newEngine()

func newEngine() *sqlite.Driver {
	d := new(sqlite.Driver)
	if err := d.RegisterModule(moduleName, module{}); err != nil {
		panic(err) // the name is taken: not possible in a new driver
	}
	return d
}

// connector opens connections of engine; its value is the DSN.
type connector string

func (c connector) Connect(context.Context) (driver.Conn, error) { return engine.Open(string(c)) }
func (c connector) Driver() driver.Driver                        { return engine }

// What SQLite does about a file that is not there.
const (
	mustExist = "rw"
	mayCreate = "rwc"
)

// link is one connection to a database, for one goroutine at a time.
type link struct {
	path    string
	db      *sql.DB
	conn    *sql.Conn
	waiting *atomic.Bool // another program holds the lock that is wanted
}

// openLink opens a database whose file and folder are as they should be.
// pragmas are settings of the connection: "foreign_keys(on)". waiting is told
// when a lock is waited for; it may be nil.
func openLink(ctx context.Context, path, mode string, waiting *atomic.Bool, pragmas ...string) (*link, error) {
	if err := checkPath(path, mode); err != nil {
		return nil, err
	}
	name, err := dsn(path, mode, pragmas)
	if err != nil {
		return nil, err
	}
	k := &link{path: path, db: sql.OpenDB(connector(name)), waiting: cmp.Or(waiting, new(atomic.Bool))}
	k.db.SetMaxOpenConns(1)
	err = k.patiently(ctx, func() error {
		if k.conn, err = k.db.Conn(ctx); err != nil {
			return err
		}
		var n int // reads the schema: a file that is no database shows itself
		if err := k.one(ctx, "SELECT count(*) FROM main.sqlite_schema", nil, &n); err != nil {
			return errors.Join(err, k.conn.Close())
		}
		return nil
	})
	if err != nil {
		_ = k.db.Close()
		return nil, explain(path, err)
	}
	return k, nil
}

// busyTimeout is how long SQLite itself waits for a lock, in ms. It does not
// hear a context meanwhile; patiently waits on.
const busyTimeout = "busy_timeout(50)"

// dsn names the database as a URI (sqlite.org/uri.html), in which ?, # and %
// of a path are escaped.
func dsn(path, mode string, pragmas []string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", path, err)
	}
	full = filepath.ToSlash(full)
	if !strings.HasPrefix(full, "/") {
		full = "/" + full // file:///C:/data
	}
	u := url.URL{Path: full}
	settings := strings.Join(append([]string{busyTimeout}, pragmas...), "&_pragma=")
	return "file://" + u.EscapedPath() + "?mode=" + mode + "&_txlock=immediate&_pragma=" + settings, nil
}

// checkPath looks at the file's name only: to open it beside SQLite would drop
// SQLite's locks on it when it is closed.
func checkPath(path, mode string) error {
	if path == "" {
		return errors.New("no database file is named")
	}
	if strings.ContainsRune(path, 0) {
		return fmt.Errorf("%q is no name of a file: it has a NUL in it", path)
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder, not a database file", path)
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", path)
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s cannot be opened: %w", path, errors.Unwrap(err))
	case mode != mayCreate:
		return fmt.Errorf("%s does not exist: %w", path, fs.ErrNotExist)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("the folder %s does not exist: %w", filepath.Dir(path), err)
	}
	return nil
}

func (k *link) close() error { return errors.Join(k.conn.Close(), k.db.Close()) }

func (k *link) exec(ctx context.Context, query string, args ...any) error {
	_, err := k.conn.ExecContext(ctx, query, args...)
	return err
}

// one reads the one row of a query into dest.
func (k *link) one(ctx context.Context, query string, args []any, dest ...any) error {
	return k.conn.QueryRowContext(ctx, query, args...).Scan(dest...)
}

// each calls scan for every row of a query.
func (k *link) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := k.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// begin starts a transaction that can write: one that is upgraded later would
// not be made to wait for a lock, but fail.
func (k *link) begin(ctx context.Context) error {
	return k.patiently(ctx, func() error { return k.wholly(ctx, "BEGIN IMMEDIATE") })
}

// commit ends the transaction. Readers can hold it up; if ctx ends before they
// do, the transaction is still open.
func (k *link) commit(ctx context.Context) error {
	return k.patiently(ctx, func() error { return k.wholly(ctx, "COMMIT") })
}

// wholly runs a statement that is not interrupted once it has begun: where ctx
// ends just after, the driver would say that it had failed.
func (k *link) wholly(ctx context.Context, statement string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return k.exec(context.WithoutCancel(ctx), statement)
}

// rollback ends the transaction, if SQLite has not done so already.
func (k *link) rollback() { _ = k.exec(context.Background(), "ROLLBACK") }

// within runs f in a transaction, all or nothing.
func (k *link) within(ctx context.Context, f func() error) error {
	if err := k.begin(ctx); err != nil {
		return err
	}
	err := f()
	if err == nil {
		err = k.commit(ctx)
	}
	if err != nil {
		k.rollback()
	}
	return err
}

const longestNap = 50 * time.Millisecond

// patiently repeats what another program's lock keeps from being done, until
// ctx ends.
func (k *link) patiently(ctx context.Context, f func() error) error {
	defer k.waiting.Store(false)
	for nap := time.Millisecond; ; nap = min(2*nap, longestNap) {
		err := f()
		if !busy(err) {
			return err
		}
		k.waiting.Store(true)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(nap):
		}
	}
}
