package web

import (
	"context"
	"net"
	"sync/atomic"
)

// counted counts how often something came over a connection.
type counted struct {
	net.Conn
	reads atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.reads.Add(1)
	}
	return n, err
}

// count makes the connections of a dialer counted ones.
func count(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &counted{Conn: conn}, nil
	}
}

// countedOf finds what is below TLS, nil if there is nothing that counts.
func countedOf(conn net.Conn) *counted {
	for {
		switch c := conn.(type) {
		case *counted:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

// staleError is an answer that was there before the request was sent: what a
// server sent beyond the end of the answer before it. net/http would take it
// for the answer to this request when that comes soon enough.
type staleError struct{}

func (staleError) Error() string {
	return "the server sent more than the last file that it was asked for; nothing of that is used"
}

func (staleError) temporary() bool { return true }
